"""Predictions against targets: one small chart per task, with both styles."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.experiment import Experiment
from backend.experiment.architecture import Head
from backend.experiment.styles import side_titles
from backend.scores import binary_accuracy, categorical_accuracy, r2
from backend.training.result import SIDES, Predictions
from backend.words import short
from components.charts import figure as chart
from components.text import for_markdown
from components.theme import NEUTRAL, task_hue, translucent

HEIGHT = 270
_SYMBOLS = ("circle-open", "x-thin-open")
_SCORES = {"regression": r2, "binary": binary_accuracy, "multiclass": categorical_accuracy}
Trace = dict[str, Any]
#: Traces, and what they want of the layout.
Drawing = tuple[list[Trace], dict[str, Any]]


def figure(predictions: Predictions, styles: tuple[str, str], head: Head, position: int) -> go.Figure:
    """The chart for the head's task: a scatter for numbers, strips for yes or no, a confusion matrix for classes."""
    kind = head.spec.kind
    draw = {"regression": _scatter, "binary": _strips, "multiclass": _confusion}[kind]
    traces, layout = draw(predictions, styles, head, task_hue(position))
    top = 28 if kind == "multiclass" else 8  # room for the styles' names above the matrices
    return chart.unchecked_figure(
        traces,
        {
            "height": HEIGHT,
            "margin": {"l": 8, "r": 8, "t": top, "b": 8},
            "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0},
            "meta": _title(predictions, styles, head),
            "uirevision": "predictions",
            **layout,
        },
    )


def heading(experiment: Experiment) -> str:
    """The heading above the charts: on which sequences the styles predict."""
    _, held_out = experiment.training.split(experiment.sequences.samples)
    return f"Predictions against targets, on {'validation' if held_out else 'training'} sequences"


def score(predictions: Predictions, side: str, head: Head) -> float:
    """Share of the variance explained (R²) for numbers, the accuracy otherwise."""
    truth, guess = predictions.truth[head.name], getattr(predictions, side)[head.name]
    return _SCORES[head.spec.kind](guess, truth)


def _title(predictions: Predictions, styles: tuple[str, str], head: Head) -> str:
    title = for_markdown(head.title)
    scores = [score(predictions, side, head) for side in SIDES]
    if np.isnan(scores[0]):  # targets without variance have no R²
        return title
    regression = head.spec.kind == "regression"
    shown = [_r2(value) if regression else f"{value:.0%}" for value in scores]
    named = ", ".join(f"{name} {value}" for name, value in zip(side_titles(*styles), shown, strict=True))
    return f"{title} · {'R²' if regression else 'accuracy'}: {named}"


def _r2(value: float) -> str:
    return f"{value:.2f}" if value > -100 else short(value, 3)


def _scatter(predictions: Predictions, styles: tuple[str, str], head: Head, hue: str) -> Drawing:
    truth = predictions.truth[head.name]
    ends = [float(truth.min()), float(truth.max())]
    diagonal = {"type": "scatter", "x": ends, "y": ends, "mode": "lines", "line": {"color": NEUTRAL, "width": 1}}
    traces = [diagonal | {"showlegend": False, "hoverinfo": "skip"}]
    for i, side in enumerate(SIDES):
        x, y = truth.ravel(), getattr(predictions, side)[head.name].ravel()
        traces.append(_points(x, y, styles, i, hue) | {"hovertemplate": "target %{x:.3g}, prediction %{y:.3g}"})
    return traces, {"xaxis": _axis("target"), "yaxis": _axis("prediction")}


def _strips(predictions: Predictions, styles: tuple[str, str], head: Head, hue: str) -> Drawing:
    truth = predictions.truth[head.name].ravel()
    spread = np.linspace(-0.12, 0.12, truth.size)
    traces = []
    for i, side in enumerate(SIDES):
        x, y = truth + (-0.18, 0.18)[i] + spread, getattr(predictions, side)[head.name].ravel()
        traces.append(_points(x, y, styles, i, hue) | {"hovertemplate": "prediction %{y:.2f}"})
    threshold = {"type": "line", "x0": 0, "x1": 1, "xref": "x domain", "y0": 0.5, "y1": 0.5}
    return traces, {
        "shapes": [threshold | {"line": {"color": NEUTRAL, "width": 1, "dash": "dot"}}],
        "xaxis": _axis("target") | {"tickvals": [0, 1], "ticktext": ["no", "yes"], "range": [-0.5, 1.5]},
        "yaxis": _axis("prediction") | {"range": [-0.03, 1.03]},
    }


def _points(x: np.ndarray, y: np.ndarray, styles: tuple[str, str], side: int, hue: str) -> Trace:
    marker = {"symbol": _SYMBOLS[side], "color": hue, "size": 6, "line": {"width": 1.2}}
    return {"type": "scatter", "x": x, "y": y, "mode": "markers", "name": side_titles(*styles)[side], "marker": marker}


def _confusion(predictions: Predictions, styles: tuple[str, str], head: Head, hue: str) -> Drawing:
    truth = predictions.truth[head.name].argmax(axis=1)
    traces, names, axes = [], [], {}
    for i, side in enumerate(SIDES):
        guess = getattr(predictions, side)[head.name].argmax(axis=1)
        counts = np.zeros((head.units, head.units), int)
        np.add.at(counts, (truth, guess), 1)
        axis, start = ("", "2")[i], (0, 0.56)[i]
        traces.append(
            {
                "type": "heatmap", "z": counts, "xaxis": f"x{axis}", "yaxis": f"y{axis}", "showscale": False,
                "texttemplate": "%{z}", "xgap": 2, "ygap": 2,
                "colorscale": [[0, translucent(hue, 0.05)], [1, translucent(hue, 0.9)]],
                "hovertemplate": "class %{y} predicted as class %{x}: %{z}<extra></extra>",
            }
        )  # fmt: skip
        names.append(
            {
                "text": side_titles(*styles)[i], "x": start + 0.22, "y": 1, "xref": "paper", "yref": "paper",
                "xanchor": "center", "yanchor": "bottom", "showarrow": False, "font": {"size": 14},
            }
        )  # fmt: skip
        across = {"domain": [start, start + 0.44], "anchor": f"y{axis}", "dtick": 1}
        axes[f"xaxis{axis}"] = _axis("predicted class") | across
        down = {"anchor": f"x{axis}", "dtick": 1, "autorange": "reversed"}
        axes[f"yaxis{axis}"] = (down if i else _axis("target class") | down) | {"domain": [0, 1]}
    return traces, {"annotations": names, **axes}


def _axis(title: str) -> dict[str, Any]:
    return {"title": {"text": title}}
