"""The scripts under .ci."""
