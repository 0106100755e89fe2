"""The methods of the Lab as a gallery: for each, the gradients of A and B in small, and the step that it takes."""

from __future__ import annotations

import math
from functools import partial

from backend.lab.compass import steps
from backend.lab.situation import Situation
from backend.lab.state import LabState
from components import gallery
from components.charts.svg import shape
from components.gallery import Picture, drawing
from components.lab import settings
from components.theme import method_colour, task_hue
from two_heads.weightings import AGGREGATORS

#: The window of a picture, and the room between its edge and what is drawn, in the same units.
_WIDTH, _HEIGHT, _EDGE = 120.0, 76.0, 9.0
_TIP = 7.0  # the length of a line of an arrow's head


def show(state: LabState) -> None:
    """Draw the gallery. What is chosen is shown in the compass. An empty choice has no effect."""
    gallery.show(
        "Methods: what each makes of the gradients of A and B", pictures(state), state.methods,
        partial(settings.choose, "methods"), key="lab.methods", many=True, high="3.75rem",
    )  # fmt: skip


def pictures(situation: Situation) -> list[Picture]:
    """A picture for each method, all with the same gradients: the first two, if there are three heads."""
    two = situation.model_copy(update={"third": False})
    heads = [(x, y) for x, y in two.gradients().tolist()]
    return [_picture(key, heads, two) for key in AGGREGATORS]


def _picture(key: str, heads: list[tuple[float, float]], two: Situation) -> Picture:
    """The arrows on the largest scale at which all of them fit, turned as in the compass: A downhill points right."""
    (found,) = steps(two, [key])
    step = (found.direction[0], found.direction[1])
    ends = [(0.0, 0.0), *heads, step]
    low, high = [tuple(fit(end[axis] for end in ends) for axis in (0, 1)) for fit in (min, max)]
    scale = min((_WIDTH - 2 * _EDGE) / max(high[0] - low[0], 1e-9), (_HEIGHT - 2 * _EDGE) / max(high[1] - low[1], 1e-9))
    middle = [(high[axis] + low[axis]) / 2 for axis in (0, 1)]

    def place(x: float, y: float) -> tuple[float, float]:
        return _WIDTH / 2 + scale * (x - middle[0]), _HEIGHT / 2 - scale * (y - middle[1])

    start = place(0, 0)
    arrows = [shape(_arrow(start, place(*end)), task_hue(i), 2.0) for i, end in enumerate(heads)]
    colour = method_colour(key)
    arrows.append(shape(_dot(start) if found.still else _arrow(start, place(*step)), colour, 3.25))
    return Picture(key, AGGREGATORS[key].title, drawing(_WIDTH, _HEIGHT, arrows))


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """An arrow as an SVG path. Its head is no longer than its line."""
    (x0, y0), (x, y) = start, end
    length = math.hypot(x - x0, y - y0)
    along = math.atan2(y - y0, x - x0)
    tips = [
        (x - min(_TIP, length) * math.cos(along + turn), y - min(_TIP, length) * math.sin(along + turn))
        for turn in (0.45, -0.45)
    ]
    (x1, y1), (x2, y2) = tips
    return f"M{x0:.1f} {y0:.1f}L{x:.1f} {y:.1f}M{x1:.1f} {y1:.1f}L{x:.1f} {y:.1f}L{x2:.1f} {y2:.1f}"


def _dot(place: tuple[float, float]) -> str:
    """A ring, for a step that leaves the trunk where it is."""
    x, y = place
    return f"M{x - 4:.1f} {y:.1f}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0"
