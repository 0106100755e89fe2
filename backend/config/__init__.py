"""What an operator sets, and how the environment is checked."""
