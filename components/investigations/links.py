"""The picture of connections: each neuron, each output unit, and a box round each layer."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from backend.questions.pictures import Links
from components.investigations.colours import hue
from components.investigations.frame import HEIGHT, finish
from components.text import for_plotly
from components.theme import NEUTRAL, translucent

#: The width of a panel with the gap to the next one, in units of the axis.
_PANEL = 1.45


def links(picture: Links) -> go.Figure:
    """A panel for each side."""
    traces: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    neurons = [_height(i, picture.neurons) for i in range(picture.neurons)]
    for s, side in enumerate(picture.sides):
        left, right = s * _PANEL, s * _PANEL + 1
        count = sum(units for layer in side.layers for units, _ in layer)
        place = iter(_height(i, count) for i in range(count))
        half = min(0.5 / count, 0.08)
        for layer in side.layers:
            tops: list[float] = []
            for units, head in layer:
                heights = [next(place) for _ in range(units)]
                tops += heights
                colour = hue(f"task:{head}")
                xs: list[float | None] = []
                ys: list[float | None] = []
                for height in heights:
                    for neuron in neurons:
                        xs += [left, right, None]
                        ys += [neuron, height, None]
                line = {"color": translucent(colour, 0.75), "width": 1.3}
                traces.append({"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": line, "hoverinfo": "skip"})
                traces.append(_dots([right] * units, heights, colour))
            shapes.append(
                {
                    "type": "rect",
                    "x0": right - 0.06,
                    "x1": right + 0.06,
                    "y0": min(tops) - half,
                    "y1": max(tops) + half,
                    "line": {"color": NEUTRAL, "width": 1.5},
                }
            )
        traces.append(_dots([left] * len(neurons), neurons, NEUTRAL))
        text = f"<b>{for_plotly(side.title)}</b>"
        notes.append({"x": left, "y": 1.1, "text": text, "showarrow": False, "xanchor": "left", "yanchor": "bottom"})
    hidden = {"visible": False, "fixedrange": True}
    end = (len(picture.sides) - 1) * _PANEL + 1.1
    layout = {
        "xaxis": hidden | {"range": [-0.06, end]},
        "yaxis": hidden | {"range": [-0.12, 1.3]},
        "shapes": shapes,
        "annotations": notes,
    }
    return finish(traces, layout, picture.title, HEIGHT)


def _height(i: int, count: int) -> float:
    """The height of item `i` of `count`, from the top (1) to the bottom (0)."""
    return 1 - (i + 0.5) / count


def _dots(x: list[float], y: list[float], colour: str) -> dict[str, Any]:
    marker = {"color": colour, "size": 8}
    return {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker, "hoverinfo": "skip"}
