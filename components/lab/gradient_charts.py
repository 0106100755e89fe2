"""The figures of measured gradients: pure functions of them. A head has its hue; a line for two heads has both hues."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from backend.lab.gradients import Gradients, Measurement, Pair
from components.charts import end_labels, figure
from components.charts.axes import Axis, log_axis
from components.charts.end_labels import EndLabel
from components.text import for_plotly
from components.theme import DIVERGING, NEUTRAL, task_hue

HEIGHT = 300
_MARGIN = {"l": 52, "r": end_labels.ROOM, "t": 12, "b": 40}
_COSINES: Axis = {
    "type": "linear", "range": [-1.08, 1.08], "tickvals": [-1, -0.5, 0, 0.5, 1],
    "ticktext": ["−1", "−0.5", "0", "0.5", "1"],
}  # fmt: skip
_SHARES: Axis = {
    "type": "linear", "range": [-0.04, 1.04], "tickvals": [0, 0.5, 1], "ticktext": ["0%", "50%", "100%"],
}  # fmt: skip
_NAME = 14
#: The most heads that all have a name and a row of full height on a heat map.
_MOST_ROWS = 20
_COSINE_TITLE = "Cosine between the gradients: below 0, two heads conflict"


def cosines(gradients: Gradients, pairs: Sequence[Pair], names: Sequence[str], epoch: int) -> go.Figure:
    """The cosine between the gradients of each pair, by epoch. Below 0 they conflict."""
    lines = [_pair_line(gradients, pair, names, Measurement.cosine) for pair in pairs]
    return _drawn(lines, gradients.epochs(), _COSINES, _COSINE_TITLE, epoch, level=0)


def rates(gradients: Gradients, pairs: Sequence[Pair], names: Sequence[str], epoch: int) -> go.Figure:
    """The share of the batches in which each pair conflicts, by epoch."""
    lines = [_pair_line(gradients, pair, names, Measurement.conflict_rate) for pair in pairs]
    title = f"Share of {gradients.batches:,} batch{'' if gradients.batches == 1 else 'es'} in which two heads conflict"
    return _drawn(lines, gradients.epochs(), _SHARES, title, epoch)


def lengths(gradients: Gradients, names: Sequence[str], epoch: int) -> go.Figure:
    """The length of each head's gradient, by epoch. A length of 0 has no place on the logarithmic axis."""
    lines = []
    for head, name in enumerate(names):
        values = [each.length(head) or None for each in gradients.measurements]
        lines.append((for_plotly(name, _NAME), values, task_hue(head), task_hue(head)))
    axis = log_axis(value for _, values, *_ in lines for value in values if value)
    return _drawn(lines, gradients.epochs(), axis, "Length of each head’s gradient", epoch)


def heat(measurement: Measurement, names: Sequence[str]) -> go.Figure:
    """A heat map of the cosines of all pairs at one epoch."""
    titles = [for_plotly(name, _NAME) for name in names]
    size = range(len(names))
    values = [[1.0 if i == j else measurement.cosine((i, j)) for j in size] for i in size]
    trace = {
        "type": "heatmap", "x": list(size), "y": list(size), "z": values, "zmin": -1, "zmax": 1, "xgap": 1, "ygap": 1,
        "colorscale": DIVERGING, "colorbar": {"title": {"text": "cosine"}, "thickness": 10},
        "text": [[f"{one}, {other}" for other in titles] for one in titles],
        "hovertemplate": "%{text}: %{z}<extra></extra>", "zhoverformat": ".3f",
    }  # fmt: skip
    step = math.ceil(len(names) / _MOST_ROWS)
    axis = {"tickvals": list(size)[::step], "ticktext": titles[::step], "showgrid": False}
    return figure.unchecked_figure(
        [trace],
        {
            "meta": f"Cosines of all pairs, epoch {measurement.epoch}",
            "height": 90 + 24 * min(len(names), _MOST_ROWS) if len(names) > 9 else HEIGHT,
            "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
            "xaxis": {**axis, "automargin": True, "tickangle": -45},
            "yaxis": {**axis, "automargin": True, "autorange": "reversed"},
        },
    )


Line = tuple[str, list[float | None], str, str]


def _pair_line(gradients: Gradients, pair: Pair, names: Sequence[str], figure_of: Any) -> Line:
    """The line of two heads, in the hues of both."""
    one, other = (for_plotly(names[head], _NAME) for head in pair)
    values = [figure_of(each, pair) for each in gradients.measurements]
    return f"{one},<br>{other}", values, task_hue(pair[0]), task_hue(pair[1])


def _drawn(
    lines: Sequence[Line], epochs: Sequence[int], axis: Axis, title: str, epoch: int, level: float | None = None
) -> go.Figure:
    """A line for each of `lines` (label, values, its colour and that of its markers), named at its end.

    Dotted lines mark the `epoch` and, if there is one, the `level`.
    """
    traces, labels = [], []
    for label, values, colour, marker in lines:
        traces.append(
            {
                "type": "scatter", "x": list(epochs), "y": values, "mode": "lines+markers", "showlegend": False,
                "name": label.replace(",<br>", ", "), "line": {"color": colour, "width": 2},
                "marker": {"color": marker, "size": 6}, "hovertemplate": "%{y}", "yhoverformat": ".3g",
            }
        )  # fmt: skip
        drawn = [(x, y) for x, y in zip(epochs, values, strict=True) if y is not None]
        if drawn:
            labels.append(EndLabel(*drawn[-1], label, colour))
    shapes = [_level("x", epoch, "y domain")]
    if level is not None:
        shapes.append(_level("y", level, "x domain"))
    pad = 0.03 * epochs[-1] or 0.5
    height = max(HEIGHT - _MARGIN["t"] - _MARGIN["b"], sum(label.height for label in labels))
    return figure.unchecked_figure(
        traces,
        {
            "meta": title,
            "height": height + _MARGIN["t"] + _MARGIN["b"],
            "margin": _MARGIN,
            "hovermode": "x unified",
            "showlegend": False,
            "uirevision": "lab",
            "xaxis": {
                "title": {"text": "epoch", "standoff": 4}, "range": [-pad, epochs[-1] + pad],
                **figure.integer_axis(max(epochs[-1], 1)),
            },
            "yaxis": {"automargin": False, **axis},
            "shapes": shapes,
            "annotations": end_labels.label_annotations(labels, axis, height),
        },
    )  # fmt: skip


def _level(along: str, value: float, domain: str) -> dict[str, Any]:
    """A dotted line at a `value` of the axis `along`, over the whole width or height."""
    other = "y" if along == "x" else "x"
    return {
        "type": "line", f"{along}0": value, f"{along}1": value, f"{other}0": 0, f"{other}1": 1, f"{other}ref": domain,
        "line": {"color": NEUTRAL, "width": 1, "dash": "dot"}, "layer": "below",
    }  # fmt: skip
