"""Components by themselves."""
