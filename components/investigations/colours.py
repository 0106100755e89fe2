"""The colours of pictures and of marks. Tasks, styles, methods and runs have the same colours on every page."""

from __future__ import annotations

from collections.abc import Callable

from backend.questions.claims.base import CAREFUL, NO, UNSURE, YES
from components.theme import NEUTRAL, POSITIVE, method_colour, run_colour, style_colour, task_hue

#: Text colours of marks, legible (4.5 : 1) on both grounds (`components/layout/system.css`).
GOOD, BAD, OPEN = "var(--good)", "var(--bad)", "var(--open)"
MARKS = {YES: GOOD, NO: BAD, UNSURE: OPEN, CAREFUL: OPEN}


def hue(colour: str) -> str:
    """The colour that `backend.questions.pictures` names; neutral for none."""
    kind, _, name = colour.partition(":")
    if kind == "task":
        return task_hue(int(name))
    if kind == "run":
        return run_colour(int(name))
    if kind == "dial":
        return _mix(NEUTRAL, POSITIVE, float(name))
    colour_of: Callable[[str], str] | None = {"style": style_colour, "method": method_colour}.get(kind)
    return colour_of(name) if colour_of else NEUTRAL


def _mix(one: str, other: str, share: float) -> str:
    """A colour between two (#rrggbb)."""
    channels = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in channels)
