"""The trainings of the introduction: real runs on this server if a worker is free, else the recorded ones."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.services import services
from backend.training.finding import lower_total
from components.browser.announcement import announce_end
from components.investigations.prediction import marked
from components.live.polling import Watch
from components.session.visitor import visitor
from components.train import answer, controls, outcome
from components.train.run import ANSWER, ShownRun, own_run, shown_run, start_aside

_PREPARED, _STARTED = "introduction.prepared", "introduction.started"
#: What is said of this visitor's own run, by its state. After another state, the recorded run is shown.
_SAID = {"running": "This server is training both now.", "finished": "Both were trained on this server."}


def prepare(experiment: Experiment) -> None:
    """Have an idle worker trace both styles, once a session, so that the run starts at once."""
    known = _known(_PREPARED)
    if experiment not in known and experiment not in _known(_STARTED):
        known.append(experiment)
        services().runs.prepare(experiment, visitor(), again=True)


def show(experiment: Experiment, predicted: str, options: Sequence[str]) -> bool:
    """Draw the total losses of a run of exactly these settings, and below them what is true.

    It is trained now, once a session, if a worker is idle; else the recorded run is shown. `options` name the side
    whose total is lower (left, right, or neither), and the visitor `predicted` one of them. Returns whether the run
    has ended.
    """
    started = _known(_STARTED)
    if experiment not in started and services().jobs.idle:
        started.append(experiment)
        start_aside(experiment, again=True)
    watch = Watch(lambda: _pending(experiment), others=lambda: _shown(experiment).run.state)
    shown = _shown(experiment)
    ended = not shown.run.running and not shown.awaited
    sentence = _outcome(shown, predicted, options) if ended else answer.FOLLOWS
    with st.container(key=ANSWER):
        st.markdown(sentence)
        announce_end(ANSWER, shown.run.name, sentence, running=shown.run.running)
    with st.container():
        outcome.dim(shown)
    watch.draw(lambda: _curves(experiment))
    return ended


def _outcome(shown: ShownRun, predicted: str, options: Sequence[str]) -> str:
    """Whether the prediction is right, and which style learned faster."""
    finding, run = answer.answer_of(shown).sentence, shown.run
    found = lower_total(run.experiment, run.epochs)
    if found is None:  # the run did not reach its last epoch
        return finding
    lower = options[("left", "right", "equal").index(found.lower)]
    return f"{marked(predicted, predicted == lower, f'The answer: “{lower}”.')} {finding}"


def _curves(experiment: Experiment) -> None:
    shown, mine = _shown(experiment), own_run(experiment)
    if shown.awaited:
        controls.show_progress(mine or shown.run)
    outcome.show(shown, totals_alone=True)
    if words := (_SAID.get(mine.view.state) if mine is not None else None) or outcome.caption(shown.run):
        st.caption(words)


def _shown(experiment: Experiment) -> ShownRun:
    return shown_run(experiment, others=False)


def _pending(experiment: Experiment) -> JobView | None:
    now = own_run(experiment)
    return now.view if now is not None and now.running else None


def _known(key: str) -> list[Experiment]:
    """The experiments that were prepared or started in this session."""
    known: list[Experiment] = st.session_state.setdefault(key, [])
    return known
