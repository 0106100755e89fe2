"""The card at the end of every page: one next step that fits what the visitor has just seen."""

from __future__ import annotations

import streamlit as st

from backend.guide.next_steps import STEPS, NextStep, after_train
from components.introduction import first_visit
from components.layout import site
from components.learn import choice
from components.session import state
from components.train.run import shown_run


def show(page: str) -> None:
    """Draw the card of the page with that path, if it has one. A lesson and the introduction lead on themselves.

    Train has a button for a step that trains (`components/train/controls.py`).
    """
    step = _train() if page == "train" else STEPS.get(page)
    if (
        step is None
        or step.experiment is not None
        or (page == "learn" and choice.lesson())
        or first_visit.place() != first_visit.END
    ):
        return
    with st.container(border=True, key="frame.next", gap="xxsmall"):
        st.markdown(step.sentence)
        st.page_link(site.page(step.page), label=step.label, icon=":material/arrow_forward:", icon_position="right")


def _train() -> NextStep:
    experiment = state.experiment()
    return after_train(experiment, shown_run(experiment).ended)
