"""The operator's settings, and the check of the environment."""
