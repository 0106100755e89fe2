"""The answer and the loss curves of a run, for a frame of another site."""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from components.layout import page
from components.layout.embedded import View
from components.live.polling import Watch
from components.session import state
from components.train import answer, controls, outcome, player
from components.train.run import ShownRun, own_run, pending, shown_run, training

_TITLE = "Which one trains better?"


def _draw() -> None:
    experiment = state.experiment()
    st.title(_TITLE)
    page.workers()
    watch, growing = (Watch(job, others=lambda: _shown_run(experiment).run.state) for job in (pending, training))
    shown = _shown_run(experiment)
    answer.show(shown)
    with st.container():
        if shown.run.source != "recorded" or shown.foreign:
            watch.draw(lambda: _controls(experiment))
    outcome.dim(shown)
    with st.container(key="train.results"):
        place = player.place()
        growing.draw(lambda: outcome.show_totals(_shown_run(experiment)))
        if not shown.foreign and not shown.awaited:
            player.show_alone(shown.run, place)  # it plays if the frame's address says so


def _shown_run(experiment: Experiment) -> ShownRun:
    """The run of exactly these settings, else the nearest recorded run; never another run of the visitor's."""
    return shown_run(experiment, others=False)


def _controls(experiment: Experiment) -> None:
    """Train and Cancel: settings without a recorded run are trained when a reader asks for it."""
    controls.show(experiment, own_run(experiment), _shown_run(experiment), exports=False)


VIEW = View(draw=_draw, title=_TITLE, height=720)
