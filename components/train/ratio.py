"""The ratio of the total losses: a number, and how it varied during the training."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.sides import side_keys, side_titles
from backend.training.comparison import compared_loss
from backend.training.result import Epoch
from backend.words import short
from components.train.series import matrix, median


def show(experiment: Experiment, epochs: Sequence[Epoch]) -> None:
    """Draw the ratio of the totals after the last of `epochs`, and how it varied; nothing before the first epoch."""
    if epochs:
        styles = side_keys(experiment)
        left, right = side_titles(*styles) if styles[0] != styles[1] else ("left", "right")
        value, words = of(epochs)
        st.metric(f"Total {compared_loss(experiment)}, {right} ÷ {left}", value, width="content")
        st.caption(words)


def of(epochs: Sequence[Epoch]) -> tuple[str, str]:
    """The ratio after the last epoch ("none" if it is not finite), and its epoch and range in a sentence."""
    values = matrix(epochs, lambda epoch: epoch.ratio)
    ratios = [float(ratio) for ratio in median(values)]
    reached = sum(epoch.epoch == len(ratios) for epoch in epochs)
    seeds = f", median of {reached} seeds" if reached > 1 else ""
    last = ratios[-1]
    written = f"{last:.2f}" if 0.1 <= last < 100 else short(last, 3) if math.isfinite(last) else "none"
    return written, f"After epoch {len(ratios)}{seeds}.{_range(ratios)}"


def _range(ratios: Sequence[float]) -> str:
    """How the ratio varied, if it was finite after more than one epoch."""
    finite = [ratio for ratio in ratios if math.isfinite(ratio)]
    if len(finite) < 2:
        return ""
    low, high = short(min(finite), 3), short(max(finite), 3)
    when = "In every epoch" if len(finite) == len(ratios) else "Where it is finite"
    return f" {when}, it was {f'about {low}' if low == high else f'between {low} and {high}'}."
