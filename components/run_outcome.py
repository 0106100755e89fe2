"""What came of a run, live or finished: totals, ratio, each task, predictions, trained weights."""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.ratio import explanation
from backend.run import Epoch, Run
from components import chart, connectivity, curves, predictions, state
from components.watched import Watched, earlier

_TASKS_AT_ONCE = 6


def show(experiment: Experiment, now: Watched | None) -> None:
    """Draw the charts of `now`; empty axes where nothing has run, so that nothing jumps."""
    ran = now.experiment if now else experiment
    epochs = now.epochs if now else []
    left, right = ran.styles()
    styles = (left.key, right.key)
    log = _scale() == "log"
    before = earlier()
    totals, ratio = st.columns([3, 2])
    with totals:
        figure = curves.total(epochs, styles, log, before.epochs if before else ())
        chart.show(figure, key="curves.total", alt="Total loss of both styles by epoch")
    with ratio:
        chart.show(curves.ratio(epochs, ran), key="curves.ratio", alt="Ratio of the two totals by epoch")
        st.caption(explanation(ran))
    _per_task(ran, epochs, styles, log)
    if now is not None and now.run is not None:
        _predictions(now.run)
        _weights(now.run)


def _scale() -> str:
    return st.segmented_control(
        "Loss scale", ["linear", "log"], default="log", key="curves.scale", required=True, on_change=state.touch,
        label_visibility="collapsed",
    )  # fmt: skip


def _per_task(ran: Experiment, epochs: list[Epoch], styles: tuple[str, str], log: bool) -> None:
    heads = ran.architecture.heads
    st.header("Each task's own loss, before its weight", anchor=False)
    if len(heads) > _TASKS_AT_ONCE:
        st.toggle(f"Show all {len(heads)} tasks", key="all_tasks", on_change=state.touch)
    with st.grid(_columns(len(heads)), min_column_width=280):
        for i in range(_drawn(len(heads))):
            figure = curves.task(epochs, styles, heads[i], i, log)
            chart.show(figure, key=f"curves.task.{i}", alt=f"Loss of task {heads[i].name} in both styles")


def _predictions(run: Run) -> None:
    if run.predictions is None:
        return
    held_out = run.experiment.training.validation > 0
    which = "held out from training" if held_out else "of the training set"
    st.header(f"Predictions against truth, on sequences {which}", anchor=False)
    heads = run.experiment.architecture.heads
    with st.grid(_columns(len(heads)), min_column_width=280):
        for i in range(_drawn(len(heads))):
            figure = predictions.figure(run.predictions, run.styles, heads[i], i)
            chart.show(figure, key=f"predictions.{i}", alt=f"Predictions of task {heads[i].name} against truth")


def _weights(run: Run) -> None:
    if not run.snapshots:
        return
    st.header("The trained weights", anchor=False)
    kept = {snapshot.epoch: snapshot for snapshot in run.snapshots}
    epoch = st.session_state.get("snapshot")
    st.session_state["snapshot"] = epoch = epoch if epoch in kept else run.snapshots[-1].epoch
    if len(kept) > 1:
        st.select_slider("After epoch", list(kept), key="snapshot", on_change=state.touch)
    connectivity.show(run.experiment, key="train.connectivity", snapshot=kept[epoch])


def _columns(heads: int) -> int:
    """Charts side by side: as many as fill the row."""
    return min(heads, 4 if heads % 3 == 1 else 3)


def _drawn(heads: int) -> int:
    """How many tasks to draw: a few, or all on request."""
    return heads if st.session_state.get("all_tasks") else min(heads, _TASKS_AT_ONCE)
