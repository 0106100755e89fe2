"""A titled part of the sidebar, open or folded."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

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
