"""The three settings that matter most for a page: they stand open, above the folds of the others."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.sidebar import architecture, heads, training
from components.sidebar.sections import pair

_DRAW: dict[str, Callable[[DeltaGenerator], None]] = {
    heads.COUNT: heads.count,
    architecture.TIMESTEPS: architecture.timesteps,
    architecture.LSTM_UNITS: architecture.lstm_units,
    training.OPTIMIZER: training.optimizer,
    training.LEARNING_RATE: training.learning_rate,
    training.COMBINE: training.combine,
}


def show(left: str, right: str, below: str) -> tuple[str, str, str]:
    """Draw three settings by their keys, two in a row and one below; returns the keys, for the folds to leave out."""
    with st.container(gap="xsmall"):
        for key, place in zip((left, right), pair(), strict=True):
            _DRAW[key](place)
        _DRAW[below](st.container(gap="xsmall"))
    return left, right, below
