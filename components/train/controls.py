"""Train and Cancel, what can be done next with a run, and one line on it: progress, timings, or why it ended."""

from __future__ import annotations

import time

import streamlit as st

from backend.experiment import Experiment
from backend.guide.next_steps import after_train
from backend.jobs.messages import Phase
from backend.services import services
from backend.training.comparison import ended_seeds
from backend.training.job import TrainJob
from backend.training.recorded import recorded_run
from backend.training.result import Run
from backend.words import about, ago, short
from components.live import interrupted
from components.live.job_status import progress
from components.sidebar import style
from components.train.run import RunView, ShownRun, cancel, interrupted_run, repeat, start, start_with

_FIT = "https://keras.io/api/models/model_training_apis/#fit-method"
_TRAIN_HELP = (
    "A worker builds both models in Keras and trains them with your settings, on the same sequences in the same order. "
    f"It takes the steps of [`model.fit`]({_FIT}), or those of the method that combines the head losses."
)
_EXPECTED = (
    "Calculated from runs that were measured on two cores, and corrected by the runs of this server's workers since it "
    "started. The time counts from when a worker is free."
)
_CANCEL_HELP = "Stops your training. The epochs so far stay on the page."


def buttons(experiment: Experiment, now: RunView | None) -> None:
    """Draw Train or, while the visitor's own run `now` has not ended, Cancel in its place."""
    if now is not None and now.running:
        st.button(
            "Cancel", icon=":material/stop:", on_click=cancel, help=_CANCEL_HELP, disabled=now.view.cancelling,
            key="train.cancel",
        )  # fmt: skip
        return
    limit, job = services().config.seconds_per_job, TrainJob.of(experiment)
    impossible = style.same_by_fallback(experiment) or bool(job.too_long(limit, services().durations))
    st.button(
        "Train", type="primary", icon=":material/play_arrow:", on_click=start, help=_TRAIN_HELP, disabled=impossible,
        key="train.start",
    )  # fmt: skip


def next_run(experiment: Experiment, shown: ShownRun) -> None:
    """Draw the button that trains the same with one other setting, once there is a result of these settings."""
    step = after_train(experiment, shown.ended)
    if step.experiment is not None:
        st.button(step.label, key="train.next", on_click=start_with, args=(step.experiment,), help=step.sentence)


def status(experiment: Experiment, now: RunView | None, shown: ShownRun) -> None:
    """Draw one line on the visitor's own run `now`, or on the time that a run takes. `shown` is the run on the page."""
    if restarted := interrupted_run():
        interrupted.show(restarted, repeat)
    drawn = now is not None and bool(now.epochs) and shown.run.source == "trained"
    if now is not None and now.running:
        if not drawn:  # else its progress stands above its curves, which are drawn with it
            show_progress(now)
        return
    durations = services().durations
    if words := TrainJob.of(experiment).too_long(services().config.seconds_per_job, durations, margin=1):
        st.warning(words, icon=":material/timer_off:")
    same = now is not None and now.experiment.key() == experiment.key()
    if now is not None and (drawn or same or now.view.state != "finished"):
        _ended(now, drawn=drawn, same=same)
    if now is None or now.run is None or not same:
        known = recorded_run(experiment) if shown.run.source == "recorded" and not shown.differences else None
        day = time.strftime("%Y-%m-%d", time.gmtime(known.recorded_at)) if known else ""
        recorded = f"Recorded on {day}. " if known else ""
        expected = about(durations.seconds(experiment))
        st.caption(f":material/timer: {recorded}Expected on this server: {expected}", help=_EXPECTED)


def show_progress(now: RunView) -> None:
    """Draw the progress of a run that has not ended."""
    progress(now.view, min(len(now.epochs) / now.epochs_in_all, 1.0), _progress_words(now))


def _ended(now: RunView, *, drawn: bool, same: bool) -> None:
    """How a run ended. `drawn`: whether the curves on the page are its own; `same`: whether it has these settings."""
    view, seeds = now.view, now.experiment.training.seeds
    ended = f" {len(ended_seeds(now.experiment, now.epochs))} of {seeds} seeds ended." if seeds > 1 else ""
    note = f" The curves show the epochs before that.{ended}" if drawn else ""
    if view.state != "finished":
        st.warning(f"{view.message}{note}", icon=":material/stop_circle:")
    elif now.run is None:
        st.info(
            "Predictions and weights were evicted to free memory. The curves are still available. "
            "Train again to see the predictions and weights.",
            icon=":material/inventory_2:",
        )
    else:
        if same:
            _finished_line(now.run, now.known_since)
        if now.run.stopped:
            st.warning(f"{now.run.stopped}{note}", icon=":material/warning:")


def _progress_words(now: RunView) -> str:
    done = now.epochs
    if not done:
        phases = [event.phase for event in now.view.events if isinstance(event, Phase)]
        expected = about(services().durations.seconds(now.experiment))
        return f"{(phases[-1] if phases else 'starting').capitalize()} … (expected on this server: {expected} in total)"
    each = (done[-1].seconds - done[0].seconds) / (len(done) - 1) if len(done) > 1 else done[0].seconds
    left = about(each * (now.epochs_in_all - len(done)))
    seeds = f" · seed {len({epoch.seed for epoch in done})} of {now.experiment.training.seeds}"
    return f"Epoch {done[-1].epoch} of {now.experiment.training.epochs}" + (
        f"{seeds if now.experiment.training.seeds > 1 else ''} · {left} left"
    )


def _finished_line(run: Run, known_since: float | None) -> None:
    times = run.timings
    stored = f" · stored, trained {ago(known_since)}" if known_since else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f":material/timer: built in {short(times.build, 3)} s · prepared in {short(times.trace, 3)} s · "
            f"trained in {short(times.train, 3)} s{stored}",
            width="content", help="Results are deterministic." if stored else None,
        )  # fmt: skip
        if stored:
            st.button("Train again", type="tertiary", on_click=start, kwargs={"again": True})
