"""The card at the end of every page: one next step that fits what the visitor has just seen."""

from __future__ import annotations

import streamlit as st

from backend.guide.next_steps import STEPS, NextStep, after_train
from components.introduction import first_visit
from components.layout import site
from components.learn import choice
from components.session import state
from components.train.run import shown_run, start_with


def show(page: str) -> None:
    """Draw the card of the page with that path, if it has one. A lesson and the introduction lead on themselves."""
    step = _train() if page == "train" else STEPS.get(page)
    if step is None or (page == "learn" and choice.lesson()) or first_visit.place() != first_visit.END:
        return
    with st.container(border=True, key="frame.next", gap="xxsmall"):
        st.markdown(step.sentence)
        if step.experiment is None:
            st.page_link(site.page(step.page), label=step.label, icon=":material/arrow_forward:", icon_position="right")
        else:  # `page.js` scrolls to its curves
            st.button(
                step.label, icon=":material/play_arrow:", icon_position="right", type="tertiary",
                on_click=start_with, args=(step.experiment,),
            )  # fmt: skip


def _train() -> NextStep:
    experiment = state.experiment()
    shown = shown_run(experiment)
    return after_train(experiment, not shown.differences and not shown.awaited and not shown.run.running)
