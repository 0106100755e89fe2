"""Every page through the shell, with real workers, without a browser."""
