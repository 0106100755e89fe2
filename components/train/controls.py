"""Train and Cancel, and one line on where the run stands: queue, phase, time left, timings, or why it ended."""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.services import services
from backend.training.result import Run
from backend.words import about, ago
from components.live import interrupted
from components.live.job_status import progress
from components.live.visitor_job import show_refusal
from components.train import downloads
from components.train.run import RunView, cancel, clear_earlier, earlier, lost, repeat, start


def show(experiment: Experiment, now: RunView | None) -> None:
    """Draw the buttons and the line below them."""
    running = now is not None and now.running
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Train", type="primary", icon=":material/play_arrow:", on_click=start, disabled=running)
        cancelling = now is not None and now.view.cancelling
        st.button("Cancel", icon=":material/stop:", on_click=cancel, disabled=not running or cancelling)
        run = now.run if now else None
        downloads.show(run.experiment if run else experiment, run)
        if earlier():
            st.button("Clear the earlier run", icon=":material/ink_eraser:", on_click=clear_earlier)
        if not running:
            st.caption(
                f":material/timer: Expected: {about(services().durations.seconds(experiment))} for both styles",
                width="content",
            )
    show_refusal()
    if gone := lost():
        interrupted.show(gone, "run", repeat)
    if now is not None:
        _line(experiment, now)


def _line(experiment: Experiment, now: RunView) -> None:
    view = now.view
    if now.running:
        progress(view, min(len(now.epochs) / now.epochs_in_all, 1.0), _running(now))
    elif now.run is not None:
        _finished(experiment, now, now.run)
    elif view.state in ("cancelled", "abandoned"):
        shown = " The curves show what ran before." if now.epochs else ""
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(f"{view.message}{shown}", icon=":material/stop_circle:")
            if view.state == "abandoned":
                st.button("Repeat it", on_click=repeat)
    elif view.state == "finished":
        st.info(
            "The curves are still here; predictions and weights were large and gave way to others' runs. "
            "Train again to see them.",
            icon=":material/inventory_2:",
        )
    else:
        st.warning(view.message, icon=":material/error:")


def _running(now: RunView) -> str:
    done = now.epochs
    if not done:
        phases = [event["phase"] for event in now.view.events if event.get("event") == "phase"]
        expected = about(services().durations.seconds(now.experiment))
        return f"{(phases[-1] if phases else 'starting').capitalize()} … ({expected} expected in all)"
    each = (done[-1].seconds - done[0].seconds) / (len(done) - 1) if len(done) > 1 else done[0].seconds
    left = about(each * (now.epochs_in_all - len(done)))
    seeds = f" · seed {len({epoch.seed for epoch in done})} of {now.experiment.training.seeds}"
    return f"Epoch {done[-1].epoch} of {now.experiment.training.epochs}" + (
        f"{seeds if now.experiment.training.seeds > 1 else ''} · {left} left"
    )


def _finished(experiment: Experiment, now: RunView, run: Run) -> None:
    times = run.timings
    changed = run.experiment.key() != experiment.key()
    pace = f", {2 / times.step:,.0f} steps a second in all" if times.step else ""
    st.caption(
        f":material/timer: built in {times.build:.2f} s · traced in {times.trace:.2f} s · {times.steps:,} steps of "
        f"each style, {1000 * times.step:.2f} ms for a pair{pace} · trained in {times.train:.2f} s"
        + (" · **settings have changed since; Train runs the new ones**" if changed else "")
    )
    if now.known_since and not changed:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(
                f":material/history: Trained {ago(now.known_since)}: an experiment decides its result, so this one "
                "was shown again.",
                width="content",
            )
            st.button("Train again", type="tertiary", on_click=start, kwargs={"again": True})
    if run.stopped:
        st.warning(f"{run.stopped} The curves show what came before.", icon=":material/warning:")
