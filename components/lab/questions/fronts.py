"""The picture of question 4: the concave front with the ends of all trainings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from backend.lab.problems import concave_front
from backend.questions.lab.trade_offs import End, TradeOffEvidence, arrived, title_of
from backend.words import short
from components.charts.end_labels import EndLabel, label_annotations
from components.charts.figure import unchecked_figure
from components.theme import NEUTRAL, method_colour

HEIGHT = 340
_MARGIN = {"l": 48, "r": 8, "t": 8, "b": 40}
#: The limits of both axes, which hold every end that has arrived.
_FLOOR, _REACH = -0.04, 1.12
_SIZE = 12
#: By the position of the μ: the marks differ in shape.
_SHAPES = ("diamond", "square", "triangle-up", "star")
_FIXED, _SMOOTH = method_colour("fixed"), method_colour("stch")
PAIR = "Losses of two heads at the end of each training, with the front"


def pair(evidence: TradeOffEvidence) -> go.Figure:
    """Both losses of the two heads at the end of each training, with the front."""
    front = concave_front.concave_front(concave_front.concave_front_points(61)).round(4).tolist()
    on_front = arrived(evidence)
    others = [end for end in evidence.fixed if end not in set(on_front)]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "lines", "x": front[0], "y": front[1], "hoverinfo": "skip",
            "line": {"color": NEUTRAL, "width": 5},
        },
        _marks(on_front, "fixed weights", {"symbol": "circle-open", "size": 9, "color": _FIXED, "line": {"width": 2}}),
        _marks(others, "fixed weights, not on the front", {"symbol": "x", "size": 8, "color": _FIXED}),
    ]  # fmt: skip
    labels = []
    for i, each in enumerate(evidence.smooth):
        name = title_of(each.smoothing)
        mark = {"symbol": _SHAPES[i % len(_SHAPES)], "size": 10, "color": _SMOOTH}
        traces.append(_marks(each.ends, name, mark))
        if best := _balanced(each.ends):
            labels.append(EndLabel(best.losses[0], min(best.losses[1], _REACH), name, _SMOOTH))
    axis = {"range": [_FLOOR, _REACH], "zeroline": False, "dtick": 0.25}
    room = HEIGHT - _MARGIN["t"] - _MARGIN["b"]
    notes = label_annotations(labels, {"type": "linear", "range": [_FLOOR, _REACH]}, room)
    notes.append(_note(front[0][15], front[1][15], "the front", -24, 10, "right"))
    if on_front:
        low, high = (choose(on_front, key=lambda end: end.losses[0]) for choose in (min, max))
        notes.append(_note(low.losses[0], low.losses[1], "fixed weights", 12, 52, "left"))
        if high.losses[0] - low.losses[0] > 0.3:
            notes.append(_note(high.losses[0], high.losses[1], "fixed weights", -16, -18, "right"))
    return unchecked_figure(
        traces,
        {
            "meta": PAIR, "height": HEIGHT, "margin": _MARGIN, "showlegend": False,
            "hovermode": "closest", "xaxis": axis | {"title": {"text": "loss of head A"}},
            "yaxis": axis | {"title": {"text": "loss of head B"}}, "annotations": notes,
        },
    )  # fmt: skip


def _marks(ends: Sequence[End], name: str, marker: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "x": [end.losses[0] for end in ends],
        "y": [end.losses[1] for end in ends], "marker": marker,
        "customdata": [_weighted(end) for end in ends],
        "hovertemplate": f"{name}%{{customdata}}<br>losses %{{x}}, %{{y}}<extra></extra>",
        "xhoverformat": ".3f", "yhoverformat": ".3f",
    }  # fmt: skip


def _weighted(end: End) -> str:
    return f" {', '.join(short(weight, 3) for weight in end.weights)}" if end.weights else ""


def _note(x: float, y: float, text: str, right: float, down: float, anchor: str) -> dict[str, Any]:
    return {
        "x": x, "y": y, "text": text, "showarrow": True, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": NEUTRAL,
        "ax": right, "ay": down, "xanchor": anchor, "font": {"size": _SIZE},
    }  # fmt: skip


def _balanced(ends: Sequence[End]) -> End | None:
    """The end with the least loss of the worst head; None if all became NaN or infinite."""
    return min((end for end in ends if math.isfinite(end.worst)), key=lambda end: end.worst, default=None)
