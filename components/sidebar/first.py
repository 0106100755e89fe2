"""The three settings that matter most for a page: they stand open, above the folds of the others."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.sidebar import training
from components.sidebar.form import FORM
from components.sidebar.sections import pairs


def show(*rows: Sequence[str]) -> list[str]:
    """Draw settings by their keys, one or two in a row; returns the keys, for the folds to leave out."""
    column = st.container(gap="xsmall")
    for row in rows:
        place = pairs(column) if len(row) > 1 else column
        for key in row:
            if key == training.COMBINE:
                training.combine(place)
            else:
                FORM.draw(key, place)
    return [key for row in rows for key in row]
