"""The first epoch step by step: a player shows the weights after each step, and the losses on its batch.

Results are deterministic. So a worker takes the steps once, for all visitors.
"""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.sides import titles_of
from backend.jobs import Job
from backend.services import services
from backend.training.steps import Steps, StepsJob, in_all, in_epoch
from backend.words import short
from components import browser, diagram
from components.live import refusal
from components.live.job_status import progress
from components.live.polling import first_unfinished, poll_while
from components.session import state
from components.session.visitor import visitor
from components.sidebar import style

_ASKED = "train.steps"
_HELP = "Both sides take the first steps of a training, on the same sequences."


def show(experiment: Experiment) -> None:
    """Draw the button, and then the steps.

    Draws nothing if there is nothing to train, or if the sides have batches of different sizes.
    """
    if style.same_by_fallback(experiment) or (experiment.other and experiment.versus.batch is not None):
        return
    payload = StepsJob.of(experiment)
    st.header("Step by step", anchor=False)
    poll_while(lambda: _draw(experiment, payload), lambda: first_unfinished([_job(payload)]))


def _job(payload: StepsJob) -> Job | None:
    """The job of these settings, once the visitor has asked for it."""
    asked = st.session_state.get(_ASKED) == payload.key
    return services().shared.find(payload, visitor()) if asked else None


def _ask(payload: StepsJob) -> None:
    """Callback: take the steps."""
    if not refusal.said_if_refused(services().shared.request(payload, visitor(), aside=True)):
        st.session_state[_ASKED] = payload.key


def _draw(experiment: Experiment, payload: StepsJob) -> None:
    job = _job(payload)
    view = job.look() if job else None
    if view is not None and not view.ended:
        progress(view, 0.0, "Taking the first steps …")
    elif view is not None and view.stored_result is not None:
        _show_steps(experiment, view.result, view.id)
    else:
        label = f"Take {in_all(experiment)} of {in_epoch(experiment):,} steps of the first epoch"
        st.button(label, icon=":material/step:", help=_HELP, on_click=_ask, args=(payload,))
        if view is not None and view.message:
            st.warning(view.message)


def _show_steps(experiment: Experiment, steps: Steps, name: str) -> None:
    """Draw the player and, unless there are too many, the weights that it moves."""
    titles = titles_of(experiment)
    captions = ["Before the first step"]
    for number, losses in enumerate(steps.losses[:, :, 0].tolist(), start=1):
        figures = ", ".join(f"{title} {short(loss, 3)}" for title, loss in zip(titles, losses, strict=True))
        captions.append(f"After step {number}. Total loss on its batch, before the step: {figures}")
    run, frames = f"steps-{name}", list(range(len(captions)))
    data = {"run": run, "frames": frames, "captions": captions, "epoch": 0, "play": False, "curves": False}
    browser.mount("player", data | {"link": state.session().links}, key="train.steps.player")
    if snapshots := [each for each in steps.weights if each is not None]:
        both = experiment.of_settings() if experiment.other else experiment
        diagram.show(both, key="train.steps", snapshots=snapshots, run=run, within=True, unit="step")
    else:
        st.caption("This network has too many weights to draw them step by step.")
