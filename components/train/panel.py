"""The Train page below its title: the answer, the styles, the controls, the question, and the results.

Controls and curves are redrawn by themselves while they have something new to show: a waiting visitor polls only the
controls.
"""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.services import services
from components.live.polling import Watch
from components.train import ahead, answer, controls, outcome, player, question, shared, styles
from components.train.run import current_run, earlier, pending, shown_run, training


def show(experiment: Experiment) -> None:
    """Draw everything about the run."""
    watch, growing = Watch(pending, others=_run_state), Watch(training, others=_run_state)
    _learn_duration()
    shown = shown_run(experiment)
    answer.show(shown)
    styles.show(experiment)
    watch.draw(lambda: controls.show(experiment, current_run(), shown_run(experiment)))
    with st.container():  # also when empty, so that the charts below are not mounted again
        question.show(experiment, shown)
    with st.container():
        outcome.dim(shown)
    with st.container(key="train.share"):
        shared.show(experiment, shown)
    with st.container(key="train.results"):  # the player stays on the screen as long as this is
        place = player.place()
        growing.draw(lambda: outcome.show(shown_run(experiment)))
        outcome.show_finished(shown, place)
    ahead.prepare(experiment)


def _run_state() -> tuple[object, ...]:
    """Which run is current, in which state and whether it has epochs, and which earlier run is drawn beside it."""
    now, before = current_run(), earlier()
    return now and (now.name, now.view.state, bool(now.epochs)), before and before.name


def _learn_duration() -> None:
    """Let the run's duration improve the estimate for the next run."""
    now = current_run()
    if now is not None and now.run is not None and not now.known_since:
        services().durations.learn(now.experiment, now.run.timings, now.name)
