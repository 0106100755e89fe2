"""Predictions against targets, a chart for each task. The player moves its points (`components/browser/markers.js`).

Each style has its points, in its colour. If both agree at every epoch, grey points show both.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from backend.experiment.sides import side_titles
from backend.training.frames import LEVELS, MISSING, TaskFrames, quantize
from backend.training.result import SIDES, Run, Side
from backend.words import fixed, short
from components.charts import figure as chart
from components.charts.figure import Keyed
from components.text import for_markdown, one_line
from components.theme import NEUTRAL, chip, side_colours, translucent

HEIGHT = 230
_AXIS = {"fixedrange": True, "zeroline": False, "automargin": False}
#: How far points lie apart that would cover each other: in the strips of a binary task, and in the cells of classes.
_SPREAD = 0.7
#: The golden ratio's and the plastic ratio's fractions: multiples of them fill a strip and a square evenly.
_GOLDEN, _PLASTIC = 0.618034, 0.754878


def show(name: str, run: Run, drawn: int, columns: int) -> None:
    """Draw the predictions of the first `drawn` heads of the run `name`; they follow its clock."""
    with st.grid(columns, min_column_width=280):
        for i, head in enumerate(run.experiment.architecture.heads[:drawn]):
            drawn_figure = _cached(Keyed((name, run.styles, head), run), i)
            alt = f"{one_line(head.title)}: predictions over targets after the last epoch"
            chart.show(drawn_figure, key=f"predictions.{i}", alt=alt)


def heading(run: Run) -> str:
    """The heading above the charts: on which sequences the styles predict."""
    training, held_out = run.experiment.parts
    of, kind = (held_out, "validation") if held_out else (training, "training")
    count = len(next(iter(run.predictions.truth.values()))) if run.predictions else 0
    which = f"the first {count:,}" if count < of else f"all {count:,}"
    return f"Predictions against targets, on {which} {kind} sequences"


def figure(run: Run, position: int) -> go.Figure:
    """The predictions of the head at `position` after the last epoch. The run has predictions at each of its frames.

    The `meta` of a trace has the codes of its points, frame after frame (`quantize`), as base64.
    """
    head, epoch = run.experiment.architecture.heads[position], run.snapshots[-1].epoch
    frames = TaskFrames.of(run, head)
    assert frames is not None
    titles, colours = side_titles(*run.styles), side_colours(run.styles)
    drawn = list(zip(SIDES, titles, colours, strict=True))
    if frames.agree:
        drawn = [(SIDES[0], _agreement(frames), NEUTRAL)]
    targets, horizontal, vertical = _places(frames)
    low, high = vertical["range"]
    traces: list[dict[str, Any]] = []
    names = []
    for (side, name, colour), size in zip(drawn, (9, 5), strict=False):  # none covers another one wholly
        codes = quantize(_values(frames, side), low, high)
        last = np.where(codes[-1] == MISSING, -LEVELS, codes[-1].astype(float))  # outside, where nothing is drawn
        traces.append(
            {
                "type": "scatter", "mode": "markers", "hoverinfo": "skip", "x": targets,
                "y": low + last / LEVELS * (high - low),
                "marker": {"color": translucent(colour, 0.5), "size": size, "line": {"color": colour, "width": 1}},
                "meta": base64.b64encode(codes.tobytes()).decode(),
            }
        )  # fmt: skip
        names.append(f'<span style="color:{colour}">●</span> {name}')
    note = {"text": "  ".join(names), "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    ends = (0.5, 0.5) if head.spec.kind == "binary" else (0, 1)
    line = {"type": "line", "x0": 0, "x1": 1, "y0": ends[0], "y1": ends[1], "layer": "below"}
    look = {"color": NEUTRAL, "width": 1, "dash": "dash"}
    scores = [_score(frames, frames.scores(side)[-1]) for side in SIDES]
    figures = ", ".join(f"{title} {score}" for title, score in zip(titles, scores, strict=True))
    score = "R²" if head.spec.kind == "regression" else "accuracy"
    layout = {
        "meta": f"{chip(position)} {for_markdown(head.title)}, {score} after epoch {epoch}: {figures}",
        "height": HEIGHT,
        "margin": {"l": 44, "r": 8, "t": 24, "b": 40},
        "showlegend": False,
        "xaxis": _AXIS | horizontal | {"title": {"text": "target", "standoff": 4}},
        "yaxis": _AXIS | vertical | {"title": {"text": "prediction", "standoff": 4}},
        "annotations": [note | {"xref": "paper", "yref": "paper", "font": {"size": 12}}],
        "shapes": [line | {"xref": "x domain", "yref": "y domain", "line": look}],
    }
    return chart.unchecked_figure(traces, layout)


_cached = chart.cached_figure(figure)


def _places(frames: TaskFrames) -> tuple[np.ndarray, dict[str, Any], dict[str, Any]]:
    """Where each point stands on the horizontal axis, and both axes. Answers are strips: no and yes, or classes."""
    low, high = frames.axis()
    if frames.head.spec.kind == "regression":
        axis = {"range": [low, high], "nticks": 5}
        return frames.truth.ravel(), axis, axis
    if frames.head.spec.kind == "binary":
        strips = {"range": [-0.5, 1.5], "tickvals": [0, 1], "ticktext": ["no", "yes"]}
        targets = frames.truth.ravel()
        return targets + _apart(len(targets), _GOLDEN), strips, {"range": [low, high], "tickvals": [0, 0.5, 1]}
    classes = frames.head.units
    axis = {"range": [-0.5, classes - 0.5], "tickvals": list(range(classes)), "showgrid": False}
    return np.argmax(frames.truth, axis=1) + _apart(len(frames.truth), _GOLDEN), axis, axis


def _values(frames: TaskFrames, side: Side) -> np.ndarray:
    """What a point of each sequence shows at each frame: a number, or the class that was predicted."""
    if frames.head.spec.kind != "multiclass":
        return frames.side(side).reshape(len(frames.left), -1)
    classes = frames.answers(side)
    return np.where(classes == MISSING, np.nan, classes + _apart(classes.shape[1], _PLASTIC))


def _apart(count: int, step: float) -> np.ndarray:
    """How far to move each of `count` points, so that none covers another one of its strip."""
    return _SPREAD * (np.arange(count) * step % 1 - 0.5)


def _score(frames: TaskFrames, value: float) -> str:
    """R² with three digits, an accuracy in percent; "none" if the targets do not vary, so that there is no R²."""
    if not np.isfinite(value):
        return short(value) if frames.spread else "none"
    if frames.head.spec.kind != "regression":
        return f"{value:.0%}"
    return fixed(value, 3) if value > -100 else short(value, 3)


def _agreement(frames: TaskFrames) -> str:
    """How far both styles differ, for points that show both."""
    largest = float(frames.differences.max())
    return f"both sides, within {short(100 * largest)}% of the range" if largest else "both sides, equal"
