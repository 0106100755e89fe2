"""Showing a job while it runs: polling, its status, the render lock, and the flush."""
