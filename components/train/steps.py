"""The first epoch step by step: each press takes the next batches, and shows losses and weights.

Results are deterministic. So a worker takes the first steps once, for all visitors, and a press shows the next of them
without another job.
"""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.sides import titles_of
from backend.jobs import Job, JobView
from backend.services import services
from backend.training.steps import Steps, StepsJob, in_all, in_epoch
from backend.words import short
from components import diagram
from components.investigations.tables import table
from components.live import refusal
from components.live.job_status import progress
from components.live.polling import Watch, first_unfinished
from components.session.visitor import visitor
from components.sidebar import style

_TAKEN = "train.steps"
_MOST_HEADS = 6
_HELP = "Both sides take the next steps of a training, on the same sequences."
_OVER_HELP = "Goes back to the initial weights, before the first step."


def show(experiment: Experiment) -> None:
    """Draw the buttons, and what the step taken last did.

    Draws nothing if there is nothing to train, or if the sides have batches of different sizes.
    """
    if style.same_by_fallback(experiment) or (experiment.other and experiment.versus.batch is not None):
        return
    payload = StepsJob.of(experiment)
    st.header("Step by step", anchor=False)

    def pending() -> JobView | None:
        return first_unfinished([_job(payload)])

    Watch(pending).draw(lambda: _draw(experiment, payload))


def _job(payload: StepsJob) -> Job | None:
    """The job of these settings, once the visitor has asked for a step."""
    return services().shared.find(payload, visitor()) if _taken(payload) else None


def _taken(payload: StepsJob) -> int:
    """The steps that the visitor has taken with these settings."""
    key, taken = st.session_state.get(_TAKEN, ("", 0))
    return int(taken) if key == payload.key else 0


def _take(payload: StepsJob, more: int) -> None:
    """Callback: take `more` steps; 0 starts over."""
    taken = min(_taken(payload) + more, in_all(payload.experiment)) if more else 0
    if not more or not refusal.said_if_refused(services().shared.request(payload, visitor(), aside=True)):
        st.session_state[_TAKEN] = payload.key, taken


def _draw(experiment: Experiment, payload: StepsJob) -> None:
    taken, last = _taken(payload), in_all(experiment)
    job = _job(payload)
    view = job.look() if job else None
    waits = view is not None and not view.ended
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, more in (("One batch", 1), ("Ten batches", 10)):
            st.button(
                label, icon=":material/step:", key=f"train.step.{more}", help=_HELP, on_click=_take,
                args=(payload, more), disabled=waits or taken == last,
            )  # fmt: skip
        st.button(
            "Start over", icon=":material/first_page:", type="tertiary", key="train.step.0", on_click=_take,
            args=(payload, 0), disabled=waits or not taken, help=_OVER_HELP,
        )  # fmt: skip
        st.caption(_which(experiment), width="content")
    if view is None:
        return
    if view.state == "finished" and view.stored_result is not None:
        _show_step(experiment, view.result, view.id, taken)
    elif view.ended:
        st.warning(view.message or "The steps were evicted to free memory. Press a button to take them again.")
    else:
        progress(view, 0.0, "Taking the first steps …")


def _which(experiment: Experiment) -> str:
    """Which batches can be taken, in a sentence."""
    first, every = in_all(experiment), in_epoch(experiment)
    if first < every:
        return f"The first {first} of the {every:,} batches of the first epoch"
    return f"The first epoch has {every} batch{'es' if every > 1 else ''}"


def _show_step(experiment: Experiment, steps: Steps, name: str, taken: int) -> None:
    """Draw the losses on the batch of the last step, and the weights after it."""
    titles = titles_of(experiment)
    heads = experiment.architecture.heads[:_MOST_HEADS]
    losses = steps.losses[taken - 1]
    rows = [
        {experiment.noun: title, "total loss": short(own[0], 3)}
        | {f"{head.name} loss": short(own[1 + i], 3) for i, head in enumerate(heads)}
        for title, own in zip(titles, losses.tolist(), strict=True)
    ]
    st.markdown(f"**Step {taken} of {in_epoch(experiment)}.** The losses on its batch, before it moved the weights:")
    st.table(table(rows))
    if snapshots := [each for each in steps.weights[: taken + 1] if each is not None]:
        both = experiment.of_settings() if experiment.other else experiment
        diagram.show(
            both, key="train.steps", snapshots=snapshots, run=f"steps-{name}", live=True, within=True, unit="step"
        )
    else:
        st.caption("This network has too many weights to draw them step by step.")
