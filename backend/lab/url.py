"""The lab's state as text in a URL: `angle=120&ratio=3&methods=mean,upgrad&third=1`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from backend.lab.compass import DEFAULT_METHODS
from backend.lab.situation import LARGEST_RATIO, Situation
from two_heads.weightings import AGGREGATORS

_NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]{1,12})?")
_RATIOS = ("ratio", "ratio_c")
_NUMBERS = ("angle", "ratio", "angle_ac", "angle_bc", "ratio_c")
_SWITCHES = ("third", "same_length")
_METHODS = "methods"


@dataclass(frozen=True)
class LabState:
    """What the page shows: a situation, the keys of the methods, and whether all steps have one length."""

    situation: Situation = field(default_factory=Situation)
    methods: tuple[str, ...] = DEFAULT_METHODS
    same_length: bool = False


def read(texts: Mapping[str, str]) -> LabState:
    """The state that these texts describe, by key. Raises KeyError or ValueError for texts that `refuse` refuses."""
    for key, text in texts.items():
        if reason := refuse(key, text):
            raise ValueError(f"{key}: {reason}")
    numbers = {key: float(texts[key]) for key in _NUMBERS}
    situation = Situation(**numbers, third=texts["third"] == "1")
    return LabState(situation, _methods(texts[_METHODS]), texts["same_length"] == "1")


def refuse(key: str, text: str) -> str | None:
    """The values that `key` takes, if `text` is not one of them; None if it is one."""
    if key in _NUMBERS:
        low, high = (1 / LARGEST_RATIO, LARGEST_RATIO) if key in _RATIOS else (0, 180)
        fits = _NUMBER.fullmatch(text) and low <= float(text) <= high
        return None if fits else f"it takes a number from {low:g} to {high:g}"
    if key in _SWITCHES:
        return None if text in ("0", "1") else "it takes one of 0, 1"
    known = _methods(text)
    fits = bool(known) and all(method in AGGREGATORS for method in known) and len(set(known)) == len(known)
    return None if fits else f"it takes one or more of {', '.join(AGGREGATORS)}, separated by commas"


def write(state: LabState) -> dict[str, str]:
    """The texts of a state, by key."""
    numbers = {key: number(getattr(state.situation, key)) for key in _NUMBERS}
    switches = {"third": str(int(state.situation.third)), "same_length": str(int(state.same_length))}
    return {**numbers, **switches, _METHODS: methods(state.methods)}


def number(value: float) -> str:
    """A number as a link has it: at most seven digits and twelve decimals, and never a power of ten."""
    return format(Decimal(f"{round(value, 12):.7g}"), "f")


def methods(keys: Iterable[str]) -> str:
    """The methods as a link has them, in the order of the menu."""
    chosen = set(keys)
    return ",".join(key for key in AGGREGATORS if key in chosen)


def _methods(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


#: The state at first, as a query.
DEFAULTS = write(LabState())
