"""The visitor's choice of what a speed sweep measures: numbers of heads and modes. The link keeps both."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.questions.speed.sweep import ALL_HEADS, FIELDS, MODES, Sweep
from components.session import page_options
from components.session.form import of_options

#: For `page_options.synchronise`.
CHOICES = page_options.of_fields(FIELDS)


def sweep() -> Sweep:
    """The chosen sweep; always valid."""
    return FIELDS.read({key: page_options.chosen(key) for key in CHOICES})


def show(experiment: Experiment) -> None:
    """Draw the choices. The visitor's own number of heads is one of them."""
    chosen, own = sweep(), len(experiment.architecture.heads)
    titles: dict[Any, str] = {own: f"{own} (yours)", **{mode: facts.title for mode, facts in MODES.items()}}
    form = of_options(FIELDS, chosen, "speed.", titles)
    form.draw("k", options=[*ALL_HEADS, own])
    form.draw("modes")
    if "xla" in chosen.modes:
        st.caption(f":material/info: **{MODES['xla'].title}**: {MODES['xla'].description}")
