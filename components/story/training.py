"""The training of the story: a real run on this server if a worker is free, else the recorded one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.services import services
from backend.training.finding import lower_total
from components.browser.announcement import announce_end
from components.live.polling import Watch
from components.session.visitor import visitor
from components.train import answer, controls, outcome
from components.train.run import ANSWER, RunView, ShownRun, own_run, shown_run, start_aside

_PREPARED, _STARTED = "story.prepared", "story.started"
#: What is said of this visitor's own run, by its state. After another state, the recorded run is shown.
_SAID = {"running": "This server is training both now.", "finished": "Both were trained on this server."}


def prepare(experiment: Experiment) -> None:
    """Have an idle worker trace both styles, once a session, so that the run starts at once."""
    if not (st.session_state.get(_PREPARED) or st.session_state.get(_STARTED)):
        st.session_state[_PREPARED] = services().runs.prepare(experiment, visitor(), again=True)


def show(experiment: Experiment, outcome_of: Callable[[RunView], str | None]) -> None:
    """Draw the total losses of a run of exactly these settings, below what `outcome_of` returns, or `answer.FOLLOWS`.

    It is trained now, once a session, if a worker is idle; else the recorded run is shown.
    """
    if not st.session_state.get(_STARTED) and services().jobs.idle:
        st.session_state[_STARTED] = True
        start_aside(experiment, again=True)
    watch = Watch(lambda: _pending(experiment), others=lambda: _shown(experiment).run.state)
    shown = _shown(experiment)
    sentence = outcome_of(shown.run) or answer.FOLLOWS
    with st.container(key=ANSWER):
        st.markdown(sentence)
        announce_end(ANSWER, shown.run.name, sentence, running=shown.run.running)
    with st.container():
        outcome.dim(shown)
    watch.draw(lambda: _curves(experiment))


def show_tasks(experiment: Experiment) -> None:
    """Draw which style learned faster, and the losses of each task, in which the styles can be compared."""
    shown = _shown(experiment)
    answer.show(shown)
    if words := outcome.caption(shown.run):
        st.caption(words)
    outcome.tasks(shown.run, log=True)


def lower_words(run: RunView, options: Sequence[str]) -> str | None:
    """Which of the `options` (left, right, equal) is true of the totals; None before the run has ended."""
    found = lower_total(run.experiment, run.epochs)
    return options[("left", "right", "equal").index(found.lower)] if found and not run.running else None


def _curves(experiment: Experiment) -> None:
    shown, mine = _shown(experiment), own_run(experiment)
    if shown.awaited:
        controls.show_progress(mine or shown.run)
    outcome.show(shown, totals_alone=True)
    if words := _SAID.get(mine.view.state) if mine is not None else None:
        st.caption(words)


def _shown(experiment: Experiment) -> ShownRun:
    return shown_run(experiment, others=False)


def _pending(experiment: Experiment) -> JobView | None:
    now = own_run(experiment)
    return now.view if now is not None and now.running else None
