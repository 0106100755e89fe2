"""Train and Cancel, and one line on the run: its place in the queue, phase, time left, timings, or why it ended."""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.jobs.messages import Phase
from backend.services import services
from backend.training.comparison import ended_seeds
from backend.training.job import TrainJob
from backend.training.result import Run
from backend.words import about, ago, short
from components.live import interrupted
from components.live.job_status import progress
from components.sidebar import style
from components.train import downloads, on_change
from components.train.run import RunView, ShownRun, cancel, interrupted_run, repeat, start

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


def show(experiment: Experiment, now: RunView | None, shown: ShownRun, *, exports: bool = True) -> None:
    """Draw the buttons and, below them, one line on the visitor's own run `now`. `shown` is the run on the page.

    Without `exports`, the Export menu and the switch for automatic training are left out.
    """
    running = now is not None and now.running
    durations, limit, job = services().durations, services().config.seconds_per_job, TrainJob.of(experiment)
    with st.container(horizontal=True, vertical_alignment="center", key="train.buttons"):
        st.button(
            "Train", type="primary", icon=":material/play_arrow:", on_click=start, help=_TRAIN_HELP,
            disabled=running or style.same_by_fallback(experiment) or bool(job.too_long(limit, durations)),
        )  # fmt: skip
        cancelling = now is not None and now.view.cancelling
        st.button(
            "Cancel", icon=":material/stop:", on_click=cancel, help=_CANCEL_HELP, disabled=not running or cancelling
        )
        run = now.run if now else None
        if exports:
            downloads.show(run.experiment if run else experiment, run)
            on_change.switch()
        if not running:
            expected = about(durations.seconds(experiment))
            estimate = f":material/timer: Expected on this server: {expected} for both {experiment.noun}s"
            st.caption(estimate, width="content", help=_EXPECTED)
    if not running and (words := job.too_long(limit, durations, margin=1)):
        st.warning(words, icon=":material/timer_off:")
    if restarted := interrupted_run():
        interrupted.show(restarted, repeat)
    if now is not None:
        _status_line(experiment, now, drawn=bool(now.epochs) and shown.run.source == "trained")


def show_progress(now: RunView) -> None:
    """Draw the progress of a run that has not ended."""
    progress(now.view, min(len(now.epochs) / now.epochs_in_all, 1.0), _progress_words(now))


def _status_line(experiment: Experiment, now: RunView, *, drawn: bool) -> None:
    """One line on the run; `drawn` says whether the curves on the page are those of its epochs."""
    view, seeds = now.view, now.experiment.training.seeds
    same = now.experiment.key() == experiment.key()
    ended = f" {len(ended_seeds(now.experiment, now.epochs))} of {seeds} seeds ended." if seeds > 1 else ""
    note = f" The curves show the epochs before that.{ended}" if drawn else ""
    if now.running:
        if not drawn:  # else its progress stands above its curves, which are drawn with it
            show_progress(now)
    elif view.state != "finished":
        st.warning(f"{view.message}{note}", icon=":material/stop_circle:")
    elif not drawn and not same:  # the page shows a recorded run
        return
    elif now.run is None:
        st.info(
            "Predictions and weights were evicted to free memory. The curves are still available. "
            "Train again to see the predictions and weights.",
            icon=":material/inventory_2:",
        )
    else:
        _finished_line(now.run, now.known_since if same else None)
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
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f":material/timer: built in {short(times.build, 3)} s · prepared in {short(times.trace, 3)} s · "
            f"trained in {short(times.train, 3)} s",
            width="content",
        )
        if known_since:
            st.caption(f"Stored: trained {ago(known_since)}. Results are deterministic.", width="content")
            st.button("Train again", type="tertiary", on_click=start, kwargs={"again": True})
