"""Automatic training: if the visitor has switched it on, each change of a setting starts a run.

A run starts only if it is expected to take less than `LONGEST` seconds, a worker is idle and nobody waits. Such runs
are not saved, because a slider that is dragged would fill the visitor's list.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.url import bounds
from backend.services import services
from backend.training.recorded import recorded_run
from backend.words import short
from components.session import controls, state
from components.sidebar import style
from components.sidebar.form import FORM
from components.text import for_markdown
from components.train import ahead
from components.train.run import current_run, pending, start_aside

#: Runs that are expected to take longer start only on request. In seconds.
LONGEST = 2.0
_ON, _SEEN, _STARTED, _WHY = "train.on_change", "train.on_change.seen", "train.on_change.run", "train.on_change.why"
_HELP = (
    f"A change of a setting starts a run if its result is not known yet, it is expected to take less than {LONGEST:g} "
    "s, a worker is idle and nobody waits. Runs does not list it; **Train** saves it."
)
_RATES = [digit * 10.0**power for power in range(-5, 3) for digit in (1, 2, 3, 5)]
_MOST_WEIGHTS, _USUAL_WEIGHT = 4, 10.0
_FORM = replace(FORM, prefix="train.drag.")


def is_on() -> bool:
    """Whether changes start runs."""
    return bool(st.session_state.get(_ON))


def switch() -> None:
    """Draw the switch. Turning it on starts nothing."""

    def write(on: bool) -> None:
        st.session_state[_ON], st.session_state[_SEEN] = on, state.experiment().key()

    st.toggle("Train when a setting changes", help=_HELP, **controls.widget_state("train.switch", is_on(), write))


def show(experiment: Experiment) -> None:
    """Draw sliders of the settings that are worth dragging and, if the last change started no run, the reason."""
    if not is_on():
        return
    with st.container(horizontal=True, key="train.sliders"):
        rate = experiment.training.learning_rate
        low, high = bounds(("training", "learning_rate"))
        rates = sorted({rate, *(float(f"{each:.0e}") for each in _RATES if low <= each <= high)})
        _FORM.draw(
            "training.learning_rate", options=rates, width=320,
            format_func=lambda each: f"{each:.5g}" if each >= 1e-3 else short(each),
        )  # fmt: skip
        if experiment.training.combine == "own":
            weights = experiment.training.loss_weights(experiment.architecture)
            for i, head in enumerate(experiment.architecture.heads[:_MOST_WEIGHTS]):
                most: dict[str, Any] = {"max_value": _USUAL_WEIGHT} if weights[i] <= _USUAL_WEIGHT else {}
                label = f"Loss weight of {for_markdown(head.title)}"
                _FORM.draw(f"training.weights.{i}", widget="slider", label=label, width=220, **most)
    key, why = st.session_state.get(_WHY, ("", ""))
    if why and key == experiment.key():
        st.caption(f":material/touch_app: {why}")


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
    why = "Your run has not ended, so this change started no other." if running else _why_not(experiment)
    if why is None:
        st.session_state[_STARTED] = start_aside()
    st.session_state[_WHY] = experiment.key(), why


def _why_not(experiment: Experiment) -> str | None:
    """Why a run of these settings does not start by itself, in a sentence; None if it may."""
    if services().durations.seconds(experiment, traced=ahead.is_prepared(experiment)) >= LONGEST:
        return (
            f"A run of these settings is expected to take {LONGEST:g} s or more, so it does not start by itself. "
            "Press Train."
        )
    if not services().jobs.idle:
        return "No worker is idle, so this change started no run. Press Train to wait for one."
    return None
