"""What the visitor chooses on the Lab: a situation, methods, and the length of the steps. The link keeps all of it."""

from __future__ import annotations

import streamlit as st

from backend.experiment.url import text_of
from backend.lab.presets import PRESETS, preset_of
from backend.lab.state import FIELDS, LabState
from components.lab import help as helps
from components.session import controls, page_options

#: For `url_sync.synchronise`.
CHOICES = page_options.of_fields(FIELDS)
#: The options that a situation consists of.
_SITUATION = ("angle", "ratio", "third", "angle_ac", "angle_bc", "ratio_c")


def state() -> LabState:
    """What the page shows; always valid."""
    return FIELDS.read({key: page_options.chosen(key) for key in CHOICES})


def choose(key: str, text: str) -> None:
    """Set one option, from a callback. A text that is not allowed has no effect."""
    page_options.choose_allowed(key, CHOICES[key], text)


def show_situation() -> None:
    """Draw the ready-made situations, the third head, and the length of the steps."""
    chosen = preset_of(state())
    st.radio(
        "Situation", list(PRESETS), format_func=lambda key: PRESETS[key].title, help=helps.text("lab.preset"),
        **controls.widget_state("lab.preset", chosen, _load, list(PRESETS)),
    )  # fmt: skip
    st.caption(PRESETS[chosen].shows if chosen else "Your own situation.")
    _switch("A third head", "third")
    _switch("Same step length", "same_length")


def _load(key: str) -> None:
    if key in PRESETS:
        situation = PRESETS[key].situation
        texts = FIELDS.write(LabState.of(situation))
        for option in _SITUATION if situation.third else _SITUATION[:3]:
            choose(option, texts[option])


def _switch(label: str, key: str) -> None:
    widget = f"lab.{key}"
    st.toggle(
        label, help=helps.text(widget),
        **controls.widget_state(widget, getattr(state(), key), lambda on: choose(key, text_of(on))),
    )  # fmt: skip
