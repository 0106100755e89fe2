"""The layout of the sidebar: a titled part, open or folded, and a row of two controls."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.session import state


def section(title: str, draw: Callable[[], None], folded: bool = False) -> None:
    """Draw a part of the settings under its title. A folded part is drawn when the visitor opens it."""
    if not folded:
        with st.container(gap="xsmall"):
            st.subheader(title, anchor=False)
            draw()
        return
    expander = st.expander(title, key=f"section.{title}", on_change=state.touch)
    if expander.open:
        with expander, st.container(gap="xsmall"):
            draw()


def pair(left: int = 1, right: int = 1) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two places side by side, on a phone too, with these shares of the width."""
    one, other = st.columns([left, right], gap="xsmall", wrap=False)
    return one, other
