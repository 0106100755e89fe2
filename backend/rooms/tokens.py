"""The keys of a room: a code to join it, and tokens that cannot be guessed for its host and participants."""

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
    return _mac(secret, f"invitation {code}", 12)


def participant_token(secret: str, number: int) -> str:
    """The token with which a participant continues on another device. It follows from the room's secret."""
    return f"{number}.{_mac(secret, f'participant {number}', 18)}"


def number_of(secret: str, token: str) -> int | None:
    """The number of the participant whose token it is; None if it is nobody's."""
    text = token.partition(".")[0]
    number = int(text) if text.isdecimal() and len(text) < 6 else None
    return number if number is not None and equal(token, participant_token(secret, number)) else None


def _mac(secret: str, words: str, size: int) -> str:
    """A message authentication code of `size` bytes, a multiple of 3, as text for an address."""
    mac = hmac.new(secret.encode(), words.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:size]).decode()
