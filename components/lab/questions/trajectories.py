"""Pictures of question 3: for each method, its path from every start over the contour of the mean loss."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.lab.problems import PROBLEMS
from backend.questions.lab.unstuck import UnstuckEvidence, UnstuckRuns
from backend.words import listed, short
from components.charts.figure import unchecked_figure
from components.theme import NEUTRAL, method_colour, translucent

HEIGHT = 230
_MARGIN = {"l": 26, "r": 12, "t": 12, "b": 20}
_SMALL = 11
#: Points of the contour along each axis. Of the points of the front, one in `_FRONT` is drawn.
_GRID, _FRONT = 61, 10
#: A start is at a side if its |x₁| is larger than this.
_SIDE = 6
ARRIVED, NOT_ARRIVED = "●", "✕"


def arrival_words(runs: UnstuckRuns) -> str:
    """How many runs arrive and how many do not, each number beside the shape that marks such an end."""
    arrived, count = len(runs.reached), len(runs.arrived)
    if arrived == count:
        return f"{ARRIVED} all {count} arrive"
    if not arrived:
        return f"{NOT_ARRIVED} none of {count} arrives"
    others = count - arrived
    return (
        f"{ARRIVED} {arrived} {'arrives' if arrived == 1 else 'arrive'}, "
        f"{NOT_ARRIVED} {others} {'does' if others == 1 else 'do'} not"
    )


def panel(evidence: UnstuckEvidence, runs: UnstuckRuns) -> go.Figure:
    """One method: the contour, the front, and the path from each start with its end."""
    problem = PROBLEMS[evidence.settings.problem]
    assert problem.window is not None
    assert problem.front is not None
    front = problem.front()[:, ::_FRONT]
    first, second, mean = problem.contour(_GRID)
    colour = method_colour(runs.key)
    traces: list[dict[str, Any]] = [
        {
            "type": "contour", "x": first.round(2).tolist(), "y": second.round(2).tolist(), "z": _ranks(mean),
            "showscale": False, "hoverinfo": "skip", "autocontour": False,
            "contours": {"coloring": "heatmap", "showlines": True, "start": 0.1, "end": 0.9, "size": 0.1},
            "line": {"width": 0.5, "color": translucent(NEUTRAL, 0.5)},
            "colorscale": [[0, translucent(NEUTRAL, 0.35)], [1, translucent(NEUTRAL, 0)]],
        },
        {
            "type": "scatter", "mode": "lines", "x": front[0].round(2).tolist(), "y": front[1].round(2).tolist(),
            "line": {"color": NEUTRAL, "width": 6}, "hoverinfo": "skip",
        },
    ]  # fmt: skip
    for path in runs.paths:
        x, y = zip(*path, strict=True)
        line = {"color": colour, "width": 2}
        traces.append({"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"})
    traces.append(_starts(evidence, colour))
    traces += [_ends(evidence, runs, colour, arrived) for arrived in (True, False)]
    low, high = problem.window
    axis = {"tickvals": [-10, 0, 10], "tickfont": {"size": _SMALL}, "zeroline": False, "showgrid": False}
    layout = {
        "height": HEIGHT, "margin": _MARGIN, "showlegend": False, "hovermode": "closest",
        "xaxis": axis | {"range": list(low)}, "yaxis": axis | {"range": list(high)},
        "annotations": [
            {
                "x": float(front[0, 0]), "y": float(front[1, 0]), "text": "front", "showarrow": False,
                "xanchor": "left", "yanchor": "top", "yshift": -2, "font": {"size": _SMALL},
            }
        ],
    }  # fmt: skip
    return unchecked_figure(traces, layout)


def _ranks(values: np.ndarray) -> list[list[float]]:
    """For each value, the share of all values that are smaller, so that the contour shows valleys at every height."""
    order = np.argsort(np.argsort(values, axis=None)).reshape(values.shape)
    return [[round(float(each) / values.size, 3) for each in row] for row in order]


def _starts(evidence: UnstuckEvidence, colour: str) -> dict[str, Any]:
    """The starts with their numbers, which stand clear of the paths: at the sides, or above a start in the middle."""
    x, y = zip(*evidence.starts, strict=True)
    places = ["middle left" if each < -_SIDE else "middle right" if each > _SIDE else "top center" for each in x]
    return {
        "type": "scatter", "mode": "markers+text", "x": x, "y": y, "cliponaxis": False,
        "text": [f"{start + 1}" for start in range(len(x))], "textposition": places,
        "textfont": {"size": _SMALL}, "hovertemplate": "start %{text}<extra></extra>",
        "marker": {"symbol": "circle-open", "size": 7, "color": colour, "line": {"width": 1.5}},
    }  # fmt: skip


def _ends(evidence: UnstuckEvidence, runs: UnstuckRuns, colour: str, arrived: bool) -> dict[str, Any]:
    """The ends of the runs that arrived, or of the others, which also have the numbers of their starts."""
    starts = [start for start in range(len(runs.paths)) if (start in runs.reached) == arrived]
    points = [_last_point(evidence, runs, start) for start in starts]
    mark = {"symbol": "circle", "size": 9} if arrived else {"symbol": "x", "size": 10}
    return {
        "type": "scatter", "mode": "markers" if arrived else "markers+text", "cliponaxis": False,
        "x": [x for x, _ in points], "y": [y for _, y in points], "marker": mark | {"color": colour},
        "text": [f"{start + 1}" for start in starts], "textposition": "middle right", "textfont": {"size": _SMALL},
        "customdata": [_hover_text(evidence, runs, start) for start in starts],
        "hovertemplate": "%{customdata}<extra></extra>",
    }  # fmt: skip


def _last_point(evidence: UnstuckEvidence, runs: UnstuckRuns, start: int) -> tuple[float, float]:
    """The last finite point of a run, moved to the edge of the picture if it is outside."""
    window = PROBLEMS[evidence.settings.problem].window
    assert window is not None
    finite = [point for point in runs.paths[start] if all(map(math.isfinite, point))]
    x, y = (
        float(np.clip(value, low, high))
        for value, (low, high) in zip(finite[-1] if finite else evidence.starts[start], window, strict=True)
    )
    return x, y


def _hover_text(evidence: UnstuckEvidence, runs: UnstuckRuns, start: int) -> str:
    step = runs.arrived[start]
    if step is not None:
        return f"start {start + 1}: arrived after {step:,} steps" if step else f"start {start + 1}: on the front"
    losses = [short(loss, 3) for loss in runs.losses[start]]
    return f"start {start + 1}: not on the front after {evidence.settings.steps:,} steps,<br>losses {listed(losses)}"
