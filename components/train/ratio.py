"""The ratio of the total losses: a number with its reason, and a chart if it varies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from backend.experiment import Experiment
from backend.experiment.sides import side_keys, side_titles
from backend.training.comparison import compared_loss
from backend.training.loss_ratio import expected_ratio
from backend.training.result import Epoch
from backend.words import short
from components.charts import figure
from components.charts.axes import linear_axis
from components.charts.figure import Keyed, cached_figure
from components.theme import NEUTRAL
from components.train.series import band, epoch_axis, line, matrix, median

HEIGHT = 150
#: A ratio that stays within this share of its last value needs no chart.
STEADY = 0.02
_MARGIN = {"l": 44, "r": 8, "t": 10, "b": 40}


def show(experiment: Experiment, epochs: Keyed, ended: bool = True) -> None:
    """Draw the ratio of the totals after the last of `epochs`, and how it varied; nothing before the first epoch.

    `ended` says whether the run of `experiment` has ended.
    """
    last_ratio = latest(epochs.value, ended)
    if last_ratio is not None:
        value, when = last_ratio
        name = _ratio_name(experiment)
        st.metric(name, value, width="content")
        st.caption(f"{when}{_seeds_words(epochs.value, experiment)}. {variation_sentence(epochs.value)}")
        if ratio_varies(epochs.value):
            drawn = _cached_ratio(epochs, expected_ratio(experiment), experiment.training.epochs)
            figure.plot(drawn, key="curves.ratio", alt=f"{name} by epoch: {value} {when.lower()}")


def latest(epochs: Sequence[Epoch], ended: bool = False) -> tuple[str, str] | None:
    """The last ratio ("none" if it is not finite) and its epoch, such as ("2.00", "After epoch 20").

    None before the first epoch. If the run has `ended`, the words say so.
    """
    x, values = matrix(epochs, lambda epoch: epoch.ratio)
    if not x:
        return None
    value = float(median(values)[-1])
    return (
        _two_decimals(value) if math.isfinite(value) else "none"
    ), f"{'At the end, after' if ended else 'After'} epoch {x[-1]}"


def ratio_varies(epochs: Sequence[Epoch]) -> bool:
    """Whether the ratio differs at some epoch by more than 2 % from the last one; never if it has only gaps."""
    return (_largest_variation(epochs) or 0) > STEADY


def variation_sentence(epochs: Sequence[Epoch]) -> str:
    """How far the ratio was from its last value, or in how many epochs there is one, in a sentence."""
    largest = _largest_variation(epochs)
    _, values = matrix(epochs, lambda epoch: epoch.ratio)
    middle = median(values)
    finite = middle[np.isfinite(middle)]
    if largest is None or len(finite) < 2:
        return ""
    if len(finite) < len(middle):
        return f"The ratio is finite in {len(finite)} of {len(middle)} epochs."
    if largest == 0:
        return f"The ratio is the same in all {len(finite)} epochs."
    if largest <= STEADY:
        return f"In all {len(finite)} epochs the ratio is within {_percent(largest)} of this value."
    return f"It varies from {short(float(finite.min()), 3)} to {short(float(finite.max()), 3)}."


def ratio(epochs: Sequence[Epoch], expected: float | None, last: int = 0) -> go.Figure:
    """The right total divided by the left one, with the ratio `expected` for equal predictions, if there is one."""
    x, values = matrix(epochs, lambda epoch: epoch.ratio)
    middle = median(values)
    last = max([last, *x[-1:]])
    look: dict[str, Any] = {"mode": "markers" if len(x) == 1 else "lines", "line": {"color": NEUTRAL, "width": 2.5}}
    traces = [
        *band(x, values, NEUTRAL),
        line(x, middle, **look, showlegend=False, name="ratio", hovertemplate="%{y}", yhoverformat=".4g"),
    ]
    return figure.unchecked_figure(
        traces,
        {
            "height": HEIGHT,
            "margin": _MARGIN,
            "hovermode": "x unified",
            "uirevision": "ratio",
            "xaxis": epoch_axis(last),
            "yaxis": {"automargin": False, **linear_axis([*values.ravel().tolist(), expected or 0, 1])},
            **({} if expected is None else _level(expected, f"equal predictions: {short(expected, 3)}")),
        },
    )


_cached_ratio = cached_figure(ratio)


def _ratio_name(experiment: Experiment) -> str:
    styles = side_keys(experiment)
    left, right = side_titles(*styles) if styles[0] != styles[1] else ("left", "right")
    return f"Total {compared_loss(experiment)}, {right} ÷ {left}"


def _seeds_words(epochs: Sequence[Epoch], experiment: Experiment) -> str:
    """Of how many seeds the last ratio is the median; empty for one seed."""
    seeds = experiment.training.seeds
    if seeds == 1:
        return ""
    last = max(epoch.epoch for epoch in epochs)
    reached = sum(epoch.epoch == last for epoch in epochs)
    return f" (median of {'' if reached == seeds else f'{reached} of '}{seeds} seeds)"


def _largest_variation(epochs: Sequence[Epoch]) -> float | None:
    """The largest difference from the last ratio, as a share of it; None without a ratio."""
    _, values = matrix(epochs, lambda epoch: epoch.ratio)
    middle = median(values)
    finite = middle[np.isfinite(middle)]
    return float(np.abs(finite / finite[-1] - 1).max()) if finite.size and finite[-1] > 0 else None


def _two_decimals(value: float) -> str:
    return f"{value:.2f}" if 0.1 <= value < 100 else short(value, 3)


def _percent(share: float) -> str:
    """A share in percent, rounded up to a tenth."""
    return f"{math.ceil(1000 * share - 1e-6) / 10:g}%"


def _level(y: float, words: str) -> dict[str, Any]:
    """A dotted line at `y` over the whole width, with `words` at its end: a part of a layout."""
    level = {"type": "line", "x0": 0, "x1": 1, "xref": "x domain", "y0": y, "y1": y}
    level |= {"line": {"color": NEUTRAL, "width": 1, "dash": "dot"}}
    note = {"x": 1, "y": y, "xref": "paper", "xanchor": "right", "yanchor": "bottom", "showarrow": False, "text": words}
    return {"shapes": [level], "annotations": [note]}
