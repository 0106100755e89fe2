"""The visitor's predictions in the story, which the session keeps."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from components.investigations.prediction import marked
from components.session import controls

_GIVEN = "story.predictions"


def ask(key: str, question: str, options: Sequence[str]) -> str | None:
    """Draw a question with its options, and return what the visitor predicts; None before that."""
    given: dict[str, str] = st.session_state.setdefault(_GIVEN, {})

    def choose(chosen: str | None) -> None:
        if chosen:
            given[key] = chosen

    st.segmented_control(
        question, options,
        **controls.button_group_state(f"story.prediction.{key}", given.get(key), choose),
    )  # fmt: skip
    return given.get(key)


def outcome(key: str, answer: str) -> str:
    """Whether the visitor's prediction is right, in Markdown; without one, the answer."""
    predicted = st.session_state.get(_GIVEN, {}).get(key)
    if predicted is None:
        return f"**{answer}.**"
    return marked(predicted, predicted == answer, f"The answer: “{answer}”.")
