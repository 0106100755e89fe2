"""Strict JSON: bounded in size, depth and numbers, without duplicate keys, NaN or infinity."""

from __future__ import annotations

import json
import math
import re
from hashlib import sha256
from typing import Any, NoReturn

from backend.own_model.refusal import Refused

#: The most bytes of a configuration, and how deep its lists and objects may be nested.
MAX_BYTES, MAX_DEPTH = 1024 * 1024, 80
#: The most digits of a whole number, and characters of any other. Keras writes fewer.
MAX_DIGITS, MAX_CHARACTERS = 20, 40

#: Digits of an id. Ids are so long that nobody can guess one without the architecture.
_DIGITS = 32
#: A string, or the rest of the text after an unclosed quote. So each character is read once.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NOT_JSON = (
    "This is not the configuration of a Keras model. Paste what `model.to_json()` returns, or open a `.keras` file."
)


def id_of(text: str) -> str:
    """The id of a configuration, which is made of its content."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]


def parse(text: str) -> dict[str, Any]:
    """The object that `text` contains. Raises `Refused` for anything else, and for JSON beyond the bounds."""
    if len(text) > MAX_BYTES or len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        raise Refused(f"This configuration has more than {MAX_BYTES // 1024} KB, the most that the app reads.")
    if _depth(text) > MAX_DEPTH:
        raise Refused(f"This configuration is nested more than {MAX_DEPTH} levels deep, the most that the app reads.")
    try:
        value = json.loads(
            text, object_pairs_hook=_unique, parse_int=_whole, parse_float=_number, parse_constant=_constant
        )
    except Refused:
        raise
    except ValueError:
        raise Refused(_NOT_JSON, at_home=False) from None
    if not isinstance(value, dict):
        raise Refused(_NOT_JSON, at_home=False)
    return value


def _depth(text: str) -> int:
    """How deep lists and objects are nested, without recursion. Brackets in strings do not count."""
    depth = deepest = 0
    for character in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if character in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Refused("This configuration has an object with two values for one key. Keras writes none.")
    return members


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise Refused(f"This configuration has a whole number of more than {MAX_DIGITS} digits.")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits) if len(digits) <= MAX_CHARACTERS else math.inf
    if not math.isfinite(value):
        raise Refused("This configuration has a number that is too large or too long.")
    return value


def _constant(word: str) -> NoReturn:
    raise Refused(f"This configuration contains {word}, which JSON does not allow.")
