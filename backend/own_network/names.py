"""Names of layers and outputs as identifiers: what a stranger wrote never enters source as it is."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Container

MAX_LENGTH = 40

_OTHER = re.compile(r"[^A-Za-z0-9_]+")
_CAPITALS = re.compile(r"(.)([A-Z][a-z]+)")
_CAPITAL = re.compile(r"([a-z])([A-Z])")
_RESERVED = (
    frozenset(keyword.kwlist)
    | frozenset(keyword.softkwlist)
    | frozenset(dir(builtins))
    | {"keras", "layers", "ops", "model", "x"}
)


def cleaned(name: str, taken: Container[str] = ()) -> str:
    """`name` with ASCII letters, digits and underscores alone, of at most 40 characters, and unlike those `taken`."""
    stem = _OTHER.sub("_", name[: 4 * MAX_LENGTH])[:MAX_LENGTH].strip("_") or "layer"
    if not stem[0].isalpha():
        stem = f"layer_{stem}"[:MAX_LENGTH]
    result, number = stem, 1
    while result in taken:
        number += 1
        ending = f"_{number}"
        result = stem[: MAX_LENGTH - len(ending)] + ending
    return result


def variable(name: str, taken: Container[str] = ()) -> str:
    """A variable for a cleaned name: in lower case, and not a word that Python or our sources use."""
    stem = name.lower()
    return cleaned(f"{stem}_layer"[-MAX_LENGTH:] if stem in _RESERVED else stem, taken)


def automatic_stem(kind: str) -> str:
    """The name that Keras gives to the first layer of a class: `dense`, `max_pooling2d`."""
    return _CAPITAL.sub(r"\1_\2", _CAPITALS.sub(r"\1_\2", _OTHER.sub("", kind))).lower()


def without_number(name: str) -> str:
    """A name without the number at its end: `dense` for `dense_1`."""
    return re.sub(r"_\d+$", "", name)


def is_automatic(name: str, kind: str) -> bool:
    """Whether Keras may have given `name` to a layer of this class: `dense`, `dense_1`, …; Keras 2 wrote `input_1`."""
    if kind == "InputLayer" and re.fullmatch(r"input_\d+", name):
        return True
    return re.fullmatch(rf"{automatic_stem(kind)}(_\d+)?", name) is not None
