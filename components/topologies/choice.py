"""Which topology the page shows: a gallery of small graphs; and its settings, in the sidebar."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from backend.questions.topologies import TOPOLOGIES, Topology
from backend.questions.topologies.base import SAMPLES
from components import gallery, sidebar
from components.session import page_options
from components.sidebar.form import FORM
from components.topologies import miniature

_OPTION = "topology"


def chosen() -> Topology:
    """The topology that the link or the visitor names."""
    return TOPOLOGIES[page_options.chosen(_OPTION)]


def choose(topology: Topology) -> None:
    """Show `topology`, from a callback."""
    page_options.choose(_OPTION, topology.key)


def show() -> None:
    """Draw the gallery."""
    gallery.show(
        "Model, as layers from left to right", [miniature.picture(each) for each in TOPOLOGIES.values()],
        [chosen().key], lambda keys: choose(TOPOLOGIES[keys[0]]) if keys else None,
        key="topologies.gallery", high="3.5rem",
    )  # fmt: skip


def show_settings() -> None:
    """Draw the settings of the chosen topology, and how it is trained."""
    topology = chosen()
    if topology.has_relatedness:
        sidebar.sequences.relatedness(
            replace(FORM, prefix="topologies."),
            label="Relatedness ρ of the two tasks",
            help="How far the weightings of the two tasks agree: 1 is equal, 0 uncorrelated, −1 opposite. It changes "
            "the targets, not the models.",
        )
    sidebar.section("Training", _training)


def _training() -> None:
    topology = chosen()
    short, long = topology.lengths
    # A caption fades code below the contrast that everybody can read, so it names `model.fit` in words.
    st.caption(
        f"Keras's fit method trains both models with {topology.seeds} seeds, on {SAMPLES} training sequences for each: "
        f"first for {short} epochs, then from fresh weights for {long}. They are scored on {SAMPLES} validation "
        "sequences. For each seed, both models get the same data in the same order."
    )
