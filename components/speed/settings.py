"""The visitor's choice of what a speed sweep measures: numbers of heads and modes. The link keeps both."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.url import text_of
from backend.questions.speed.sweep import ALL_HEADS, FIELDS, MODES, Sweep
from components.session import controls, page_options
from components.speed import help as helps

#: For `url_sync.synchronise`.
CHOICES = page_options.of_fields(FIELDS)


def sweep() -> Sweep:
    """The chosen sweep; always valid."""
    return FIELDS.read({key: page_options.chosen(key) for key in CHOICES})


def show(experiment: Experiment) -> None:
    """Draw the choices. The visitor's own number of heads is one of them."""
    chosen = sweep()
    own = len(experiment.architecture.heads)
    counts = sorted({*ALL_HEADS, own, *chosen.heads})
    _pills(
        "Numbers of heads", counts, list(chosen.heads), "k",
        format_func=lambda k: f"{k} (yours)" if k == own else str(k),
    )  # fmt: skip
    _pills("Keras modes", list(MODES), list(chosen.modes), "modes", format_func=lambda mode: MODES[mode].title)
    if "xla" in chosen.modes:
        st.caption(f":material/info: **{MODES['xla'].title}**: {MODES['xla'].description}")


def _pills(label: str, options: list[Any], chosen: list[Any], key: str, **arguments: Any) -> None:
    """Draw a choice of several `options`. An empty or too long choice has no effect."""
    widget = f"speed.{key}"

    def write(entered: list[Any]) -> None:
        page_options.choose_allowed(key, CHOICES[key], text_of(sorted(entered, key=options.index)))

    arguments |= controls.button_group_state(widget, chosen, write)
    st.pills(label, options, selection_mode="multi", help=helps.text(widget), **arguments)
