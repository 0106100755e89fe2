"""The introduction for a first visit: one question in six screens."""
