"""The app as a visitor meets it: a real server, real workers, a real Chromium."""
