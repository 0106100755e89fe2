"""Pages in AppTest, without a browser: most through the shell, and some with real workers."""
