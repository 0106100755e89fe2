"""Labels at the ends of lines, in place of a legend: none covers another, and each is joined to its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
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


def spread(
    wanted: Sequence[float], sizes: Sequence[float], room: float | None = None, weights: Sequence[float] = ()
) -> list[float]:
    """Centres as near to the `wanted` as possible, in their order, at which boxes of these sizes do not overlap.

    They stay within 0 and `room`, if there is enough. Nearness is a sum of squares with these `weights`. With the least
    distances subtracted, this is an isotonic regression, which pools adjacent violators.
    """
    offsets = [end - size / 2 for end, size in zip(accumulate(sizes), sizes, strict=True)]
    pools: list[tuple[float, float, int]] = []  # mean, weight, members
    for centre, offset, weight in zip(wanted, offsets, weights or [1.0] * len(offsets), strict=True):
        mean, members = centre - offset, 1
        while pools and pools[-1][0] > mean:
            before, its_weight, count = pools.pop()
            mean = (before * its_weight + mean * weight) / (its_weight + weight)
            weight, members = weight + its_weight, members + count
        pools.append((mean, weight, members))
    means = [mean for mean, _, members in pools for _ in range(members)]
    if room is not None:
        means = [min(max(mean, 0.0), max(room - sum(sizes), 0.0)) for mean in means]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _log_position(axis: Axis, value: float) -> float:
    """The logarithm of `value`, by which Plotly places an annotation on a logarithmic axis."""
    low, high = axis["range"]
    return float(low + place(axis, value) * (high - low))
