"""Aliases: a participant has one from the start, so nobody has to give a name."""

from __future__ import annotations

import random

_ADJECTIVES = (
    "Amber", "Brave", "Bright", "Calm", "Clever", "Coral", "Eager", "Early", "Fair", "Gentle", "Golden", "Green",
    "Happy", "Humble", "Indigo", "Jolly", "Keen", "Kind", "Lively", "Lucky", "Mellow", "Merry", "Neat", "Noble",
    "Olive", "Patient", "Quick", "Quiet", "Rapid", "Silver", "Steady", "Sunny", "Swift", "Tidy", "Violet", "Warm",
)  # fmt: skip
_ANIMALS = (
    "Badger", "Beaver", "Bison", "Crane", "Deer", "Dolphin", "Eagle", "Falcon", "Finch", "Fox", "Gecko", "Hare",
    "Heron", "Ibis", "Jay", "Koala", "Lark", "Lemur", "Lynx", "Marten", "Mole", "Moose", "Newt", "Otter", "Owl",
    "Panda", "Puffin", "Quail", "Raven", "Robin", "Seal", "Stork", "Swan", "Tern", "Trout", "Wren",
)  # fmt: skip
#: The most characters of a name that a participant chooses.
MOST_NAME = 24


def alias(seed: int, number: int) -> str:
    """The alias of the participant with that number. In a room no two of the first 1,296 are equal."""
    pairs = [f"{adjective} {animal}" for adjective in _ADJECTIVES for animal in _ANIMALS]
    random.Random(seed).shuffle(pairs)
    again, at = divmod(number - 1, len(pairs))
    return f"{pairs[at]} {again + 1}" if again else pairs[at]


def clean_name(text: str) -> str:
    """A name on one line, without control characters, of at most `MOST_NAME` characters."""
    visible = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return " ".join(visible.split())[:MOST_NAME].strip()
