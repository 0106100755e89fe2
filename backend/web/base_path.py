"""The path below which the app is served."""

from __future__ import annotations


def prefix_of(base: str) -> str:
    """The base path as the beginning of a path: "/heads" for "heads" or "/heads/"; empty at the root."""
    text = base.strip("/")
    return f"/{text}" if text else ""
