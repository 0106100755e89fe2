"""Labels at the ends of lines, in place of a legend: none covers another, and each is joined to its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.charts.axes import Axis, place

#: Pixels: the room for labels on the right of a figure, their font size and line height, the space between two labels,
#: and the gap between a label and the end of its line.
ROOM = 112
SIZE = 12
_LINE = 15.6
_APART = 4
_GAP = 14


@dataclass(frozen=True)
class EndLabel:
    """`text` (Plotly's HTML, lines separated by `<br>`) for the line of that `colour` that ends at (x, y)."""

    x: float
    y: float
    text: str
    colour: str

    @property
    def height(self) -> float:
        """The height of the text in pixels, with the space to the next one."""
        return _LINE * (self.text.count("<br>") + 1) + _APART


def label_annotations(labels: Sequence[EndLabel], axis: Axis, height: float) -> list[dict[str, Any]]:
    """The labels as Plotly annotations, in a plotting area `height` pixels high with the y axis `axis`.

    The text has the page's colour. The short line that joins it to the end of its line has that line's colour.
    """
    ordered = sorted(labels, key=lambda label: place(axis, label.y))
    wanted = [height * place(axis, label.y) for label in ordered]
    centres = spread(wanted, [label.height for label in ordered], height)
    return [
        {
            "x": label.x, "y": label.y if axis["type"] == "linear" else _log_position(axis, label.y),
            "text": label.text,
            "showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": label.colour,
            "ax": _GAP, "ay": at - put, "xanchor": "left", "yanchor": "middle", "align": "left",
            "font": {"size": SIZE}, "borderpad": 1,
        }
        for label, at, put in zip(ordered, wanted, centres, strict=True)
    ]  # fmt: skip


def spread(wanted: Sequence[float], heights: Sequence[float], height: float) -> list[float]:
    """Centres near the ascending `wanted`, in pixels, at which boxes of these `heights` do not overlap.

    They stay within 0 and `height`, if there is room.
    """
    centres, floor = [], 0.0
    for centre, tall in zip(wanted, heights, strict=True):
        centres.append(max(centre, floor + tall / 2))
        floor = centres[-1] + tall / 2
    ceiling = max(height, sum(heights))
    for i in reversed(range(len(centres))):
        centres[i] = min(centres[i], ceiling - heights[i] / 2)
        ceiling = centres[i] - heights[i] / 2
    return centres


def _log_position(axis: Axis, value: float) -> float:
    """The logarithm of `value`, by which Plotly places an annotation on a logarithmic axis."""
    low, high = axis["range"]
    return float(low + place(axis, value) * (high - low))
