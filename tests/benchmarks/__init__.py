"""What `make bench` and `make load` run, tried small."""
