"""The results of a run, live or finished: totals, ratio, each task, predictions, and the trained weights."""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.training.loss_ratio import expected_ratio, explanation
from backend.training.result import Run
from components import diagram
from components.charts import figure as chart
from components.session import state
from components.train import curves, predictions
from components.train.run import RunView, earlier

_TASKS_AT_ONCE = 6
_NO_EPOCHS = chart.Keyed("no epochs", ())

_total, _ratio, _task = (chart.cached_figure(draw) for draw in (curves.total, curves.ratio, curves.task))
_predicted = chart.cached_figure(predictions.figure)


def show(experiment: Experiment, now: RunView | None) -> None:
    """Draw the charts of `now`. Without a run the axes are empty, so that nothing jumps when it begins."""
    ran = now.experiment if now else experiment
    epochs = now.keyed_epochs if now else _NO_EPOCHS
    left, right = ran.styles()
    styles = (left.key, right.key)
    log = _scale() == "log"
    before = earlier()
    totals, ratio = st.columns([3, 2])
    with totals:
        figure = _total(epochs, styles, log, before.keyed_epochs if before else _NO_EPOCHS)
        chart.show(figure, key="curves.total", alt="Total loss of both styles by epoch")
    with ratio:
        figure = _ratio(epochs, styles, expected_ratio(ran), curves.ratio_title(epochs.value, ran))
        chart.show(figure, key="curves.ratio", alt="Ratio of the two totals by epoch")
        st.caption(explanation(ran))
    _per_task(ran, epochs, styles, log)
    if now is not None and now.run is not None:
        _predictions(now.name, now.run)


def _scale() -> str:
    return st.segmented_control(
        "Loss scale", ["linear", "log"], default="log", key="curves.scale", required=True, on_change=state.touch,
        label_visibility="collapsed",
    )  # fmt: skip


def _per_task(ran: Experiment, epochs: chart.Keyed, styles: tuple[str, str], log: bool) -> None:
    heads = ran.architecture.heads
    st.header("Loss of each task, before weighting", anchor=False)
    if len(heads) > _TASKS_AT_ONCE:
        st.toggle(f"Show all {len(heads)} tasks", key="all_tasks", on_change=state.touch)
    with st.grid(_columns(len(heads)), min_column_width=280):
        for i in range(_drawn(len(heads))):
            figure = _task(epochs, styles, heads[i], i, log)
            chart.show(figure, key=f"curves.task.{i}", alt=f"Loss of task {heads[i].name} in both styles")


def _predictions(name: str, run: Run) -> None:
    if run.predictions is None:
        return
    st.header(predictions.heading(run.experiment), anchor=False)
    heads = run.experiment.architecture.heads
    made = chart.Keyed(name, run.predictions)
    with st.grid(_columns(len(heads)), min_column_width=280):
        for i in range(_drawn(len(heads))):
            figure = _predicted(made, run.styles, heads[i], i)
            chart.show(figure, key=f"predictions.{i}", alt=f"Predictions of task {heads[i].name} against its targets")


def weights(now: RunView | None) -> None:
    """Draw the trained weights, epoch by epoch, once there are any."""
    run = now.run if now else None
    if now is None or run is None or not run.snapshots:
        return
    st.header("Trained weights by epoch", anchor=False)
    kept = {snapshot.epoch: snapshot for snapshot in run.snapshots}
    epoch = st.session_state.get("snapshot")
    st.session_state["snapshot"] = epoch = epoch if epoch in kept else run.snapshots[-1].epoch
    if len(kept) > 1:
        st.select_slider("After epoch", list(kept), key="snapshot", on_change=state.touch)
    diagram.show(run.experiment, key="train.connectivity", snapshots=run.snapshots, run=now.name, epoch=epoch)


def _columns(heads: int) -> int:
    """Charts side by side: as many as fill the row."""
    return min(heads, 4 if heads % 3 == 1 else 3)


def _drawn(heads: int) -> int:
    """How many tasks to draw: a few, or all on request."""
    return heads if st.session_state.get("all_tasks") else min(heads, _TASKS_AT_ONCE)
