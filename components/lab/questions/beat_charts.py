"""Pictures of question 5: the front of the fixed weights, or the losses of several heads, and Δm with its intervals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.questions.lab.base import percent
from backend.questions.lab.beat import BeatEvidence, Entry, changes, differences, reference, vertices
from components.charts.axes import ratio_axis
from components.charts.figure import unchecked_figure
from components.theme import NEUTRAL, method_colour, translucent

HEIGHT = 380
_MARGIN = {"l": 52, "r": 12, "t": 8, "b": 40}
_SIZE = 12
#: The mark of a method, by its position. Methods differ in colour, too.
SHAPES = ("diamond", "square", "triangle-up", "star", "cross", "triangle-down", "pentagon", "hexagram")
_FIXED = method_colour("fixed")
LOSSES = "Losses of the heads with fixed weights and with each method"


def losses(evidence: BeatEvidence) -> go.Figure:
    """Both losses of every entry with the front of the fixed weights; with more than two heads, all losses as lines."""
    return _front(evidence) if len(evidence.settings.heads) == 2 else _lines(evidence)


def _front(evidence: BeatEvidence) -> go.Figure:
    points = {id(entry): typical(entry) for entry in (*evidence.fixed, *evidence.methods)}
    on, best = vertices(evidence), reference(evidence)
    line = [points[id(entry)] for entry in on]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "lines", "x": [x for x, _ in line], "y": [y for _, y in line],
            "line": {"color": translucent(_FIXED, 0.6), "width": 2}, "hoverinfo": "skip", "showlegend": False,
        },
    ]  # fmt: skip
    for entry in evidence.fixed:
        symbol = "circle" if entry is best else "circle-open" if entry in on else "x-thin-open"
        x, y = points[id(entry)]
        traces.append(
            _mark(x, y, entry, {"symbol": symbol, "size": 11, "color": _FIXED, "line": {"width": 2}}, "fixed weights ")
            | {"mode": "markers+text", "text": [entry.title], "textposition": "top right",
               "textfont": {"size": _SIZE}, "showlegend": False, "cliponaxis": False}
        )  # fmt: skip
    for i, entry in enumerate(evidence.methods):
        x, y = points[id(entry)]
        mark = {"symbol": SHAPES[i % len(SHAPES)], "size": 11, "color": translucent(method_colour(entry.key), 0.85)}
        traces.append(_mark(x, y, entry, mark, ""))
    first, second = evidence.settings.heads
    axis = {"type": "log", "zeroline": False, "dtick": "D2", "tickangle": 0}
    return unchecked_figure(
        traces,
        {
            "meta": LOSSES, "height": HEIGHT, "margin": _MARGIN | {"t": 40, "r": 44},
            "hovermode": "closest", "showlegend": True,
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": _SIZE}},
            "xaxis": axis | {"title": {"text": f"test loss of {first}"}},
            "yaxis": axis | {"title": {"text": f"test loss of {second}"}},
        },
    )  # fmt: skip


def _mark(x: float, y: float, entry: Entry, marker: dict[str, Any], before: str) -> dict[str, Any]:
    is_finite = math.isfinite(x) and math.isfinite(y)
    return {
        "type": "scatter", "mode": "markers", "name": entry.short_title, "marker": marker,
        "x": [x] if is_finite else [None], "y": [y] if is_finite else [None],
        "hovertemplate": f"{before}{entry.title}<br>losses %{{x}}, %{{y}}<extra></extra>",
        "xhoverformat": ".4g", "yhoverformat": ".4g",
    }  # fmt: skip


def typical(entry: Entry) -> tuple[float, ...]:
    """The geometric mean of each head's losses over the test seeds; NaN if one is 0, NaN or infinite."""
    values = np.array(entry.tested, float)
    with np.errstate(all="ignore"):
        means = np.exp(np.log(values).mean(axis=0))
    return tuple(float(mean) if math.isfinite(mean) and mean > 0 else math.nan for mean in means)


def _lines(evidence: BeatEvidence) -> go.Figure:
    best, heads = reference(evidence), list(evidence.settings.heads)
    traces: list[dict[str, Any]] = []
    for i, entry in enumerate((*evidence.fixed, *evidence.methods)):
        changed = np.median(1 + changes(entry, best), axis=0)
        fixed = entry.key == "fixed"
        colour = NEUTRAL if fixed else method_colour(entry.key)
        name = f"fixed {entry.title}" if fixed else entry.short_title
        traces.append(
            {
                "type": "scatter", "mode": "lines+markers", "x": heads, "name": "fixed weights" if fixed else name,
                "y": [float(x) if math.isfinite(x) and x > 0 else None for x in changed],
                "legendgroup": "fixed" if fixed else name, "showlegend": i == 0 or not fixed,
                "line": {"color": translucent(colour, 0.5) if fixed else colour, "width": 1 if fixed else 2},
                "marker": {"size": 5 if fixed else 9, "color": colour,
                           "symbol": "circle" if fixed else SHAPES[(i - len(evidence.fixed)) % len(SHAPES)]},
                "hovertemplate": f"{name}<br>%{{x}}: %{{y}} × the tuned fixed weights<extra></extra>",
                "yhoverformat": ".3g",
            }
        )  # fmt: skip
    return unchecked_figure(
        traces,
        {
            "meta": LOSSES, "height": HEIGHT, "margin": _MARGIN | {"t": 40}, "hovermode": "closest",
            "showlegend": True,
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": _SIZE}},
            "xaxis": {"type": "category", "zeroline": False},
            "yaxis": {**ratio_axis(y for trace in traces for y in trace["y"] if y is not None), "zeroline": False,
                      "title": {"text": "median loss ÷ the tuned fixed weights’"}},
            "shapes": [
                {"type": "line", "y0": 1.0, "y1": 1.0, "x0": 0, "x1": 1, "xref": "paper",
                 "line": {"color": _FIXED, "width": 2}}
            ],
        },
    )  # fmt: skip


def alt(evidence: BeatEvidence) -> str:
    """What the picture of Δm shows, for a screen reader."""
    parts = [f"{each.entry.title} {percent(each.seeds.median)}, {each.outcome}" for each in differences(evidence)]
    return f"Median Δm against the tuned fixed weights: {'; '.join(parts)}"
