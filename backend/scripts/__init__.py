"""What scripts and notebooks share: the text of our own functions, and notebook cells."""
