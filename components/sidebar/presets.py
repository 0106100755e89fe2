"""The presets, and the button that restores the thread's network."""

from __future__ import annotations

import streamlit as st

from backend.experiment.presets import PRESETS, THREAD
from components import help as helps
from components.session import state
from components.session.form import menu


def show() -> None:
    """Draw the menu of presets and the reset button."""
    names = {name: name for name in PRESETS}
    current = state.experiment()
    current_name = next((name for name in names if PRESETS[name] == current), None)

    def load(name: str | None) -> None:
        state.replace(PRESETS[name or THREAD])

    with st.container(gap="xxsmall"):
        menu("Start from", names, "preset", current_name, load, placeholder="your own settings")
        st.button(
            "Reset to the thread's network",
            icon=":material/restart_alt:",
            on_click=lambda: state.replace(PRESETS[THREAD]),
            disabled=current == PRESETS[THREAD],
            type="tertiary",
            help=helps.text("reset"),
        )
