"""The colours of a claim's picture and of its state: tasks and styles have those of every page."""

from __future__ import annotations

from backend.claims.base import CAREFUL, NO, UNSURE, YES
from components.theme import NEUTRAL, style_colour, task_hue

#: Text colours of marks, legible (4.5 : 1) on both grounds; `light-dark()` follows the page.
GOOD, BAD, OPEN = "light-dark(#15703a, #4ade80)", "light-dark(#b42318, #fda29b)", "light-dark(#8a5a00, #fbbf24)"
MARKS = {YES: GOOD, NO: BAD, UNSURE: OPEN, CAREFUL: OPEN}


def hue(colour: str) -> str:
    """The colour of `of_style(…)` or `of_task(…)` of `backend.claims.pictures`; neutral for neither."""
    what, _, which = colour.partition(":")
    if what == "task":
        return task_hue(int(which))
    return style_colour(which) if what == "style" else NEUTRAL
