"""The three settings that matter most for a page: they stand open, above the folds of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.sidebar import heads, training
from components.sidebar.form import FORM
from components.sidebar.sections import pairs

_SPECIAL: dict[str, Callable[[DeltaGenerator], None]] = {heads.COUNT: heads.count, training.COMBINE: training.combine}


def show(*rows: Sequence[str]) -> list[str]:
    """Draw settings by their keys, one or two in a row; returns the keys, for the folds to leave out."""
    column = st.container(gap="xsmall")
    for row in rows:
        place = pairs(column) if len(row) > 1 else column
        for key in row:
            _SPECIAL.get(key, partial(FORM.draw, key))(place)
    return [key for row in rows for key in row]
