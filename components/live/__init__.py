"""Showing a job while it runs: polling, the render lock, and flushing."""
