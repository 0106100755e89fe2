"""The Train page below its title: the answer, a row of styles and buttons, the question, and the results.

The line on the run and the curves are redrawn by themselves while they have something new to show: a waiting visitor
polls only the line.
"""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.services import services
from components.layout.embedded import is_embedded
from components.live.polling import Watch
from components.train import ahead, answer, compared, controls, downloads, on_change, outcome, question, steps
from components.train.run import RunView, comparable_run, current_run, earlier, own_run, pending, shown_run, training

#: Session key: the run whose weights are drawn while it trains.
_WEIGHTS_MOVE = "train.weights_move"


def show(experiment: Experiment) -> None:
    """Draw everything about the run; in a frame of another site only the answer, Train, the totals and their player."""
    framed = is_embedded()
    _learn_duration()
    if not framed:
        on_change.start_if_changed(experiment)
    watch, growing = Watch(pending, others=_run_state), Watch(training, others=_run_state)
    shown = shown_run(experiment, others=not framed)
    now = own_run(experiment) if framed else current_run()
    answer.show(shown)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train.row"):
        if not framed:
            compared.show_styles(experiment)
        if not framed or shown.run.source == "trained" or shown.foreign:
            with st.container(horizontal=True, width="content", key="train.press"):  # one gets the focus of the other
                controls.buttons(experiment, now)
        if not framed:
            controls.next_run(experiment, shown)
            downloads.show(now.experiment if now else experiment, now.run if now else None, shown=shown)
    with st.container():
        if not framed:
            compared.show_notes(experiment)
    with st.container():
        if not framed or shown.run.source == "trained" or shown.foreign:
            watch.draw(lambda: _status(experiment, framed))
    with st.container():  # also when empty, so that the charts below are not mounted again
        if not framed:
            question.show(experiment, shown)
    outcome.dim(shown)
    with st.container(key="train.results"):
        growing.draw(lambda: _results(experiment, framed))
        if not framed:
            outcome.show_predictions(shown)
    if not framed:
        steps.show(experiment)
        ahead.prepare(experiment)


def _status(experiment: Experiment, framed: bool) -> None:
    now = own_run(experiment) if framed else current_run()
    controls.status(experiment, now, shown_run(experiment, others=not framed))


def _results(experiment: Experiment, framed: bool) -> None:
    """The curves of the run with their player, and its weights, live or finished."""
    shown = shown_run(experiment, others=not framed)
    outcome.show(shown, comparable_run(shown.run), totals_alone=framed, played=True)
    with st.container():  # also when empty, so that the diagram is not mounted again when the run ends
        if not framed and (not shown.run.running or _weights_move(shown.run)):
            outcome.show_weights(shown)


def _weights_move(run: RunView) -> bool:
    """Whether the weights of a run are drawn while it trains: from the first poll at which no other job waits.

    They add to the work of each poll, so a busy server draws them only at the end.
    """
    if st.session_state.get(_WEIGHTS_MOVE) != run.name and not services().jobs.queue_length:
        st.session_state[_WEIGHTS_MOVE] = run.name
    return bool(st.session_state.get(_WEIGHTS_MOVE) == run.name)


def _run_state() -> tuple[object, ...]:
    """Which run is current, in which state and whether it has epochs; the earlier run; whether changes start runs."""
    now, before = current_run(), earlier()
    return now and now.state, before and before.name, on_change.is_on()


def _learn_duration() -> None:
    """Let the run's duration improve the estimate for the next run."""
    now = current_run()
    if now is not None and now.run is not None and not now.known_since:
        services().durations.learn(now.experiment, now.run.timings, now.name)
