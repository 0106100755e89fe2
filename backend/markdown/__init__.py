"""Reads Markdown that people write for Two Heads, lessons and mistakes, with the lines of all faults."""
