"""Automatic training: if the visitor has switched it on, each change of a setting starts a run.

A run starts only if it is expected to take less than `LONGEST` seconds, a worker is idle and nobody waits. Such runs
are not saved, because small changes would fill the visitor's list.
"""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.services import services
from backend.training.recorded import recorded_run
from components.session import controls, state
from components.sidebar import style
from components.train import ahead
from components.train.run import current_run, pending, start_aside

#: Runs that are expected to take longer start only on request. In seconds.
LONGEST = 2.0
_ON, _SEEN, _STARTED = "train.on_change", "train.on_change.seen", "train.on_change.run"
_HELP = (
    f"A change of a setting starts a run if its result is not known yet, it is expected to take less than {LONGEST:g} "
    "s, a worker is idle and nobody waits. Runs does not list it; **Train** saves it."
)


def is_on() -> bool:
    """Whether changes start runs."""
    return bool(st.session_state.get(_ON))


def switch() -> None:
    """Draw the switch. Turning it on starts nothing."""

    def write(on: bool) -> None:
        st.session_state[_ON], st.session_state[_SEEN] = on, state.experiment().key()

    st.toggle("Train when a setting changes", help=_HELP, **controls.widget_state("train.switch", is_on(), write))


def start_if_changed(experiment: Experiment) -> None:
    """Start a run of these settings if the switch is on and they have changed. Call it before the page is drawn.

    A change during a run that was started in this way waits until that run has ended.
    """
    if not is_on() or st.session_state.get(_SEEN) == experiment.key():
        return
    running = pending()
    if running is not None and running.id == st.session_state.get(_STARTED):
        return
    st.session_state[_SEEN] = experiment.key()
    now = current_run()
    known = now is not None and now.experiment.key() == experiment.key()
    if known or recorded_run(experiment) is not None or style.same_by_fallback(experiment):
        return
    seconds = services().durations.seconds(experiment, traced=ahead.is_prepared(experiment))
    if not running and seconds < LONGEST and services().jobs.idle:
        st.session_state[_STARTED] = start_aside()
