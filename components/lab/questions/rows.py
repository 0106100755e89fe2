"""Rows of readings: a ring for each seed, a bar for the interval, a diamond for the median."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.questions.pictures import Readings, Spread
from components.charts.figure import unchecked_figure
from components.investigations.colours import hue
from components.theme import NEUTRAL, translucent

_SIZE = 12


def figure(
    picture: Spread, axis: dict[str, Any], height: int, margin: dict[str, int], band: float | None = None
) -> go.Figure:
    """The picture on this `axis`, with a line at its reference, and a `band` of this width on both sides of it.

    `height` and `margin` are in pixels. A value that is NaN or infinite is not drawn; with NaN there is no median.
    """
    count, at = len(picture.rows), picture.reference.value
    line = {
        "type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper",
        "line": {"color": NEUTRAL, "dash": "dash", "width": 1.5},
    }  # fmt: skip
    return unchecked_figure(
        [trace for row, readings in enumerate(picture.rows) for trace in _marks(row, readings)],
        {
            "meta": picture.title, "height": height, "margin": margin, "showlegend": False, "hovermode": "closest",
            "shapes": [*([] if band is None else [_band(at, band)]), line], "xaxis": axis | {"zeroline": False},
            "yaxis": {
                "range": [count - 0.4, -0.6], "tickvals": list(range(count)), "zeroline": False, "showgrid": False,
                "tickfont": {"size": _SIZE}, "ticktext": [readings.label for readings in picture.rows],
            },
        },
    )  # fmt: skip


def _band(at: float, width: float) -> dict[str, Any]:
    ends = {"x0": at - width, "x1": at + width, "y0": 0, "y1": 1, "yref": "paper"}
    return {"type": "rect", "fillcolor": translucent(NEUTRAL, 0.15), "line": {"width": 0}, "layer": "below"} | ends


def _marks(row: int, readings: Readings) -> list[dict[str, Any]]:
    values, colour = [value if math.isfinite(value) else None for value in readings.values], hue(readings.colour)
    if not values:
        return []
    hover = {"hovertemplate": f"{readings.label}: %{{x}}<extra></extra>", "xhoverformat": ".3g"}
    drawn = {"type": "scatter", "mode": "markers"} | hover
    rings = {"symbol": "circle-open", "size": 6, "color": translucent(colour, 0.6)}
    traces: list[dict[str, Any]] = [drawn | {"x": values, "y": [row] * len(values), "marker": rings}]
    if all(end is not None and math.isfinite(end) for end in (readings.low, readings.high)):
        traces.append(
            {
                "type": "scatter", "mode": "lines", "x": [readings.low, readings.high], "y": [row, row],
                "line": {"color": colour, "width": 3}, "hoverinfo": "skip",
            }
        )  # fmt: skip
    median = float(np.median(readings.values))
    if math.isfinite(median):
        traces.append(drawn | {"x": [median], "y": [row], "marker": {"symbol": "diamond", "size": 10, "color": colour}})
    return traces
