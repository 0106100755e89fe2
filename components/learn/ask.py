"""The question of a step: the options or the field for a number, and the button that keeps the prediction.

Nothing of a result is sent.
"""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from backend.lessons import Lesson, Step
from backend.lessons.answers import LARGEST_NUMBER, mask_of
from backend.services import services
from components import help as helps
from components.session.visitor import visitor

#: How sure a visitor may be.
SURE = ("guessing", "fairly sure", "certain")
#: What a visitor has chosen: an answer, or a number.
_Given = int | float | None


def show(lesson: Lesson, step: Step, question: str) -> None:
    """Draw the question, its options, and the button."""
    key = f"learn.ask.{lesson.id}.{step.id}"
    sure = f"learn.sure.{lesson.id}.{step.id}"

    def keep() -> None:
        _keep(lesson, step, _chosen(step, key), st.session_state.get(sure) or "")

    with st.container(border=True, gap="small", key="learn.ask"):
        given = _fields(step, question, key)
        if step.block.ask.confidence:
            st.segmented_control(
                "How sure are you?", SURE, key=sure, help=helps.text("learn.sure"),
            )  # fmt: skip
        options: dict[str, Any] = {"type": "primary", "width": "stretch", "disabled": given is None}
        helps.button("learn.keep", "Submit my prediction", keep, **options)


def _fields(step: Step, question: str, key: str) -> _Given:
    """Draw what the visitor chooses or types. Returns it; None as long as it is no answer."""
    texts = [option.text for option in step.options]
    order = step.order_for(visitor())  # a visitor always sees the same order
    if step.kind == "number":
        st.number_input(
            question, value=None, min_value=-LARGEST_NUMBER, max_value=LARGEST_NUMBER, step=None, format="%.6g",
            key=key, placeholder="A number", help=helps.text("learn.predict"),
        )  # fmt: skip
    elif step.kind == "several":
        st.markdown(f"**{question}**  \nSeveral options may be right. Choose all that are right.")
        for i in order:
            st.checkbox(texts[i], key=f"{key}.{i}")
    else:
        st.radio(
            question, order, index=None, format_func=texts.__getitem__, key=key,
            width="stretch", help=helps.text("learn.predict"),
        )  # fmt: skip
    return _chosen(step, key)


def _chosen(step: Step, key: str) -> _Given:
    """What the session has: an answer, or a number; None if it is no answer."""
    if step.kind == "several":
        return mask_of([i for i in range(len(step.options)) if st.session_state.get(f"{key}.{i}")]) or None
    given = st.session_state.get(key)
    if step.kind == "number":
        return float(given) if isinstance(given, int | float) and math.isfinite(given) else None
    return given if isinstance(given, int) and step.takes(given) else None


def _keep(lesson: Lesson, step: Step, given: _Given, sure: str) -> None:
    if given is None:
        return
    number = float(given) if step.kind == "number" else None
    answer = int(given) if number is None else step.answer_of(number)
    services().progress.record(lesson, step, visitor(), answer, sure, number)
