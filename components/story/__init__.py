"""The story at the door: one question in six screens, for a first visit."""
