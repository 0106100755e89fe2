"""The picture of connections: each neuron, each output unit, and a box round each layer."""

from __future__ import annotations

from collections.abc import Sequence
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
        count, done = sum(units for layer in side.layers for units, _ in layer), 0
        for layer in side.layers:
            first = done
            for units, head in layer:
                outputs = [_height(done + i, count) for i in range(units)]
                edges = [((left, neuron), (right, output)) for output in outputs for neuron in neurons]
                traces.append(_trace(edges, hue(f"task:{head}")))
                done += units
            half = min(0.5 / count, 0.08)
            ends = {"y0": _height(done - 1, count) - half, "y1": _height(first, count) + half}
            edge = {"line": {"color": NEUTRAL, "width": 1.5}}
            shapes.append({"type": "rect", "x0": right - 0.06, "x1": right + 0.06} | ends | edge)
        traces.append(_trace([((left, neuron),) for neuron in neurons], NEUTRAL))
        text = f"<b>{for_plotly(side.title)}</b>"
        notes.append({"x": left, "y": 1.1, "text": text, "showarrow": False, "xanchor": "left", "yanchor": "bottom"})
    hidden = {"visible": False, "fixedrange": True}
    layout = {
        "xaxis": hidden | {"range": [-0.06, (len(picture.sides) - 1) * _PANEL + 1.1]},
        "yaxis": hidden | {"range": [-0.12, 1.3]},
        "shapes": shapes,
        "annotations": notes,
    }
    return finish(traces, layout, picture.title, HEIGHT)


def _height(i: int, count: int) -> float:
    """The height of item `i` of `count`, from the top (1) to the bottom (0)."""
    return 1 - (i + 0.5) / count


def _trace(lines: Sequence[Sequence[tuple[float, float]]], colour: str) -> dict[str, Any]:
    """Lines with a dot at each of their points."""
    x, y = zip(*(point for line in lines for point in (*line, (None, None))), strict=True)
    look = {"line": {"color": translucent(colour, 0.75), "width": 1.3}, "marker": {"color": colour, "size": 8}}
    return {"type": "scatter", "mode": "lines+markers", "x": x, "y": y, "hoverinfo": "skip"} | look
