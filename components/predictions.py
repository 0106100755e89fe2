"""Predictions against truth, a small chart per task: both styles in each."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from backend.architecture import Head
from backend.run import SIDES, Predictions
from backend.styles import STYLES
from components.text import for_markdown
from components.theme import NEUTRAL, task_hue, translucent

HEIGHT = 270
_SYMBOLS = ("circle-open", "x-thin-open")


def figure(predictions: Predictions, styles: tuple[str, str], head: Head, position: int) -> go.Figure:
    """The chart that fits the head's task: a scatter for numbers, strips for yes or no, else a confusion matrix."""
    kind = head.spec.kind
    draw = {"regression": _scatter, "binary": _strips, "multiclass": _confusion}[kind]
    chart = draw(predictions, styles, head, task_hue(position))
    top = 28 if kind == "multiclass" else 8  # room for the styles' names above the matrices
    chart.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": top, "b": 8},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0},
        meta=_title(predictions, styles, head),
        uirevision="predictions",
    )
    return chart


def score(predictions: Predictions, side: str, head: Head) -> float:
    """Share of the variance explained (R²) for numbers, share of right answers otherwise."""
    truth, guess = predictions.truth[head.name], getattr(predictions, side)[head.name]
    if head.spec.kind == "regression":
        spread = float(np.sum((truth - truth.mean(axis=0)) ** 2))
        return 1 - float(np.sum((truth - guess) ** 2)) / spread if spread else float("nan")
    if head.spec.kind == "binary":
        return float(np.mean((guess > 0.5) == (truth > 0.5)))
    return float(np.mean(guess.argmax(axis=1) == truth.argmax(axis=1)))


def _title(predictions: Predictions, styles: tuple[str, str], head: Head) -> str:
    left, right = (score(predictions, side, head) for side in SIDES)
    if np.isnan(left):  # a truth that does not vary: there is nothing to explain
        return for_markdown(head.title)
    if head.spec.kind == "regression":
        return f"{for_markdown(head.title)}: R² {left:.2f} and {right:.2f}"
    return f"{for_markdown(head.title)}: {left:.0%} and {right:.0%} right"


def _scatter(predictions: Predictions, styles: tuple[str, str], head: Head, hue: str) -> go.Figure:
    chart = go.Figure()
    truth = predictions.truth[head.name]
    low, high = float(truth.min()), float(truth.max())
    chart.add_scatter(
        x=[low, high],
        y=[low, high],
        mode="lines",
        line={"color": NEUTRAL, "width": 1},
        showlegend=False,
        hoverinfo="skip",
    )
    for side, style, symbol in zip(SIDES, styles, _SYMBOLS, strict=True):
        chart.add_scatter(
            x=truth.ravel(),
            y=getattr(predictions, side)[head.name].ravel(),
            mode="markers",
            name=STYLES[style].title,
            marker={"symbol": symbol, "color": hue, "size": 6, "line": {"width": 1.2}},
            hovertemplate="truth %{x:.3g}, predicted %{y:.3g}",
        )
    chart.update_xaxes(title="truth").update_yaxes(title="predicted")
    return chart


def _strips(predictions: Predictions, styles: tuple[str, str], head: Head, hue: str) -> go.Figure:
    chart = go.Figure()
    truth = predictions.truth[head.name].ravel()
    for i, (side, style) in enumerate(zip(SIDES, styles, strict=True)):
        spread = np.linspace(-0.12, 0.12, truth.size)
        chart.add_scatter(
            x=truth + (-0.18, 0.18)[i] + spread,
            y=getattr(predictions, side)[head.name].ravel(),
            mode="markers",
            name=STYLES[style].title,
            marker={"symbol": _SYMBOLS[i], "color": hue, "size": 6, "line": {"width": 1.2}},
            hovertemplate="predicted %{y:.2f}",
        )
    chart.add_hline(0.5, line={"color": NEUTRAL, "width": 1, "dash": "dot"})
    chart.update_xaxes(title="truth", tickvals=[0, 1], ticktext=["no", "yes"], range=[-0.5, 1.5])
    chart.update_yaxes(title="predicted", range=[-0.03, 1.03])
    return chart


def _confusion(predictions: Predictions, styles: tuple[str, str], head: Head, hue: str) -> go.Figure:
    chart = make_subplots(1, 2, subplot_titles=[STYLES[style].title for style in styles], horizontal_spacing=0.12)
    truth = predictions.truth[head.name].argmax(axis=1)
    for i, side in enumerate(SIDES, start=1):
        guess = getattr(predictions, side)[head.name].argmax(axis=1)
        counts = np.zeros((head.units, head.units), int)
        np.add.at(counts, (truth, guess), 1)
        chart.add_heatmap(
            z=counts, row=1, col=i, showscale=False, texttemplate="%{z}", xgap=2, ygap=2,
            colorscale=[[0, translucent(hue, 0.05)], [1, translucent(hue, 0.9)]],
            hovertemplate="class %{y} taken for %{x}: %{z}<extra></extra>",
        )  # fmt: skip
    chart.update_xaxes(title="predicted class", dtick=1)
    chart.update_yaxes(dtick=1, autorange="reversed")
    chart.update_yaxes(title="true class", col=1)
    return chart
