"""The style of one side."""

from __future__ import annotations

import streamlit as st

from backend.experiment.styles import STYLES
from components.session import state


def show(side: str) -> None:
    """Draw the menu of styles for one side (`left` or `right`)."""
    st.selectbox(
        f"Style on the {side}",
        list(STYLES),
        format_func=lambda key: STYLES[key].title,
        label_visibility="collapsed",
        **state.view((side,)),
    )
