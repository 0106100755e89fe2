"""The name of a visitor in the database: a hash, because with the cookie itself one could impersonate the visitor."""

from __future__ import annotations

import hashlib


def hashed(visitor: str) -> str:
    """A hash of the visitor's cookie."""
    return hashlib.sha256(visitor.encode()).hexdigest()[:32]
