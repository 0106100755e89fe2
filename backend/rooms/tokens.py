"""The keys of a room: a code to join it, an invitation, and its host's token, which cannot be guessed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

#: Letters and digits of a code, without those that look alike.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ2346789"
CODE_LENGTH = 6


def new_code() -> str:
    """A code that people can read from a wall and type: one of 31 ** 6, about 900 million."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_code(text: str) -> str | None:
    """The code as it was typed, in any case and with spaces or hyphens; None if the text is not a code."""
    code = "".join(text.upper().split()).replace("-", "")
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def new_token() -> str:
    """A secret of 192 bits."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """The hash of a token, which is stored in place of the token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def matches(token: str, stored: str) -> bool:
    """Whether `stored` is the digest of the token."""
    return equal(digest(token), stored)


def equal(one: str, other: str) -> bool:
    """Whether two texts are equal; compared in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def invitation(secret: str, code: str) -> str:
    """The part of the link to join after the code: 96 bits that nobody can guess, derived from secret and code."""
    mac = hmac.new(secret.encode(), f"invitation {code}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:12]).decode()
