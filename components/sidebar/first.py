"""The three settings that matter most for a page: they stand open, above the folds of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.sidebar import architecture, heads, training
from components.sidebar.sections import pairs

_DRAW: dict[str, Callable[[DeltaGenerator], None]] = {
    heads.COUNT: heads.count,
    architecture.TIMESTEPS: architecture.timesteps,
    architecture.LSTM_UNITS: architecture.lstm_units,
    training.OPTIMIZER: training.optimizer,
    training.LEARNING_RATE: training.learning_rate,
    training.COMBINE: training.combine,
}


def show(*rows: Sequence[str]) -> list[str]:
    """Draw settings by their keys, one or two in a row; returns the keys, for the folds to leave out."""
    column = st.container(gap="xsmall")
    for row in rows:
        place = pairs(column) if len(row) > 1 else column
        for key in row:
            _DRAW[key](place)
    return [key for row in rows for key in row]
