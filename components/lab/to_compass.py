"""The button that sets the compass to the angle and the ratio of two measured gradients."""

from __future__ import annotations

import streamlit as st

from backend.lab.situation import HEADS, Situation
from backend.lab.state import FIELDS, LabState
from backend.questions.gradients.words import clamp_sentence
from components import help as helps
from components.lab import settings
from components.session import page_options


def show(situation: Situation | None, ratio: float | None, one: str, other: str) -> None:
    """Draw the button. Say so if the compass shows this pair of heads, and if it cannot show their `ratio`.

    `one` and `other` are the names of the heads, in Markdown. Draws nothing if `situation` is None.
    """
    if situation is None:
        return
    texts = FIELDS.write(LabState.of(situation))
    wanted = {name: texts[name] for name in ("angle", "ratio", "third")}
    is_current = all(page_options.chosen(name) == text for name, text in wanted.items())
    with st.container(horizontal=True, vertical_alignment="center"):
        words = "Show this pair in the compass"
        helps.button("lab.to_compass", words, _set_compass, wanted, icon="explore", disabled=is_current)
        if is_current:
            st.markdown(f"The compass shows this pair: {HEADS[0]} is {one}, {HEADS[1]} is {other}.", width="content")
    if sentence := clamp_sentence(ratio, one, other):
        st.caption(sentence)


def _set_compass(texts: dict[str, str]) -> None:
    for key, text in texts.items():
        settings.choose(key, text)
