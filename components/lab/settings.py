"""What the visitor chooses on the Lab: a situation, methods, and the length of the steps. The link keeps all of it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from backend.lab.presets import PRESETS, preset_of
from backend.lab.state import FIELDS, LabState
from components.session import form, page_options

#: For `page_options.synchronise`.
CHOICES = page_options.of_fields(FIELDS)
#: The options that a situation consists of.
_SITUATION = ("angle", "ratio", "third", "angle_ac", "angle_bc", "ratio_c")


def state() -> LabState:
    """What the page shows; always valid."""
    return FIELDS.read({key: page_options.chosen(key) for key in CHOICES})


#: Sets one option to a text or a value, from a callback. One that is not allowed has no effect.
choose = partial(form.choose, FIELDS)


def show_situation() -> None:
    """Draw the ready-made situations, the third head, and the length of the steps."""
    chosen = preset_of(state())
    titles = {key: preset.title for key, preset in PRESETS.items()}
    form.menu("Situation", titles, "lab.preset", chosen, _load, st.radio)
    st.caption(PRESETS[chosen].shows if chosen else "Your own situation.")
    switches = form.of_options(FIELDS, state(), "lab.")
    switches.draw("third", label="A third head")
    switches.draw("same_length", label="Same step length")


def _load(key: str) -> None:
    if key in PRESETS:
        situation = PRESETS[key].situation
        texts = FIELDS.write(LabState.of(situation))
        for option in _SITUATION if situation.third else _SITUATION[:3]:
            choose(option, texts[option])
