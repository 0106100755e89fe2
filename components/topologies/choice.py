"""Which topology the page shows, and its settings: the sidebar, and a menu in the page if there is no sidebar."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from backend.topologies import TOPOLOGIES, Topology
from backend.topologies.base import SAMPLES
from components import sidebar
from components.session import controls, page_options

_OPTION = "topology"
_HELP = "None of these models is a plain list of Keras's layers. The link keeps your choice."


def chosen() -> Topology:
    """The topology that the link or the visitor names."""
    return TOPOLOGIES[page_options.chosen(_OPTION)]


def choose(topology: Topology) -> None:
    """Show `topology`, from a callback."""
    page_options.choose(_OPTION, topology.key)


def show_sidebar() -> None:
    """Draw the list of topologies and the settings of the chosen one."""
    st.radio(
        "Model", list(TOPOLOGIES), format_func=_name, captions=[each.summary for each in TOPOLOGIES.values()],
        help=_HELP, **_widget_state("topologies.topology"),
    )  # fmt: skip
    sidebar.section("Training", _settings)


def show_menu() -> None:
    """Draw the same choice as a menu, on a screen so narrow that the sidebar is a drawer."""
    with st.container(key="topologies-narrow"):
        st.selectbox("Model", list(TOPOLOGIES), format_func=_name, help=_HELP, **_widget_state("topologies.menu"))


def _settings() -> None:
    topology = chosen()
    if topology.has_relatedness:
        st.slider(
            "Relatedness ρ of the two tasks", -1.0, 1.0, step=0.05,
            help="How far the weightings of the two tasks agree: 1 is equal, 0 uncorrelated, −1 opposite. It changes "
            "the targets, not the models.",
            **controls.view(("sequences", "relatedness"), prefix="topologies."),
        )  # fmt: skip
    short, long = topology.lengths
    # A caption fades code below the contrast that everybody can read, so it names `model.fit` in words.
    st.caption(
        f"Keras's fit method trains both models with {topology.seeds} seeds, on {SAMPLES} training sequences for each: "
        f"first for {short} epochs, then from fresh weights for {long}. They are scored on {SAMPLES} validation "
        "sequences. For each seed, both models get the same data in the same order."
    )


def _name(key: str) -> str:
    return f"{TOPOLOGIES[key].number}. {TOPOLOGIES[key].title}"


def _widget_state(key: str) -> dict[str, Any]:
    """Arguments that make a widget a view of the choice."""
    return controls.widget_state(
        key, page_options.chosen(_OPTION), partial(page_options.choose, _OPTION), list(TOPOLOGIES)
    )
