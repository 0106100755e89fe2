"""The Train page below its title: the answer, the styles, the controls, the question, and the results.

Controls and curves are redrawn by themselves while they have something new to show: a waiting visitor polls only the
controls.
"""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.services import services
from components.layout.embedded import is_embedded
from components.live.polling import Watch
from components.train import ahead, answer, compared, controls, on_change, outcome, player, question, shared, steps
from components.train.run import RunView, comparable_run, current_run, earlier, own_run, pending, shown_run, training

#: Session key: the run whose weights are drawn while it trains.
_WEIGHTS_MOVE = "train.weights_move"


def show(experiment: Experiment) -> None:
    """Draw everything about the run; in a frame of another site only the answer, the buttons, totals and player."""
    framed = is_embedded()
    _learn_duration()
    if not framed:
        on_change.start_if_changed(experiment)
    watch, growing = Watch(pending, others=_run_state), Watch(training, others=_run_state)
    shown = shown_run(experiment, others=not framed)
    answer.show(shown)
    if not framed:
        compared.show(experiment)
    with st.container():
        if not framed or shown.run.source == "trained" or shown.foreign:
            watch.draw(lambda: _controls(experiment, framed))
    with st.container():  # also when empty, so that the charts below are not mounted again
        if not framed:
            question.show(experiment, shown)
    outcome.dim(shown)
    with st.container(key="train.results"):  # the player stays on the screen as long as this container
        with st.container(horizontal=True, vertical_alignment="center", key="train.bar"):
            place = player.place()
            with st.container(width="content", key="train.share"):
                shared.show(experiment, shown)
        growing.draw(lambda: _results(experiment, framed))
        if not framed:
            outcome.show_predictions(shown)
        if not shown.foreign and not shown.awaited:
            player.show(shown.run, place)
    if not framed:
        steps.show(experiment)
        ahead.prepare(experiment)


def _controls(experiment: Experiment, framed: bool) -> None:
    now = own_run(experiment) if framed else current_run()
    controls.show(experiment, now, shown_run(experiment, others=not framed), exports=not framed)


def _results(experiment: Experiment, framed: bool) -> None:
    """The curves of the run and its weights, live or finished."""
    shown = shown_run(experiment, others=not framed)
    outcome.show(shown, comparable_run(shown.run), totals_alone=framed)
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
