"""The results of a run, live or finished: totals, ratio, each task, predictions, and the trained weights."""

from __future__ import annotations

import time

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment import Experiment
from backend.experiment.sides import side_keys
from backend.training.finding import lower_total
from backend.training.loss_ratio import explanation
from backend.training.recorded import recorded_run
from components.charts import figure as chart
from components.session.controls import kept_choice
from components.streamlit_internals.selectors import expanded
from components.train import controls, curves, levels, player, ratio
from components.train.run import RunView, ShownRun, differences_words

_TASKS_AT_ONCE = 6
_NO_EPOCHS = chart.Keyed("no epochs", ())
#: The key of the container whose charts are dimmed while they show a run of other settings.
_RESULT = "train.result"
#: Lines and points are dimmed, text is not.
_DIM = "<style>.st-key-train-result :--chart-data { opacity: 0.35 }</style>"

_total, _task = (chart.cached_figure(draw) for draw in (curves.total, curves.task))


def dim(shown: ShownRun) -> None:
    """Dim the curves if they are not those of the visitor's run.

    Call this outside fragments: a fragment that is redrawn could not remove the style.
    """
    if shown.faint:
        st.html(expanded(_DIM))


def show(shown: ShownRun, before: RunView | None = None) -> None:
    """Draw the progress and the curves of the run, and its settings if they are not the visitor's.

    The totals of the run `before` it are drawn faintly.

    For a foreign run, and while the visitor's own run has no epochs, only the totals are drawn. All runs have their
    charts in the same places, so no chart is mounted again. Progress and curves are drawn together, so they match.
    """
    with st.container(key=_RESULT):
        _progress(shown)
        _curves(shown, before)


def _progress(shown: ShownRun) -> None:
    with st.container():
        if shown.run.running:
            controls.show_progress(shown.run)


def _curves(shown: ShownRun, before: RunView | None) -> None:
    now = shown.run
    experiment = now.experiment
    log = _heading(shown)
    left, beside = st.columns([5, 2])
    with left:
        totals(now, log=log, before=before)
    if shown.foreign or shown.awaited:
        return
    with beside:
        ratio.show(experiment, now.keyed_epochs, ended=not now.running)
    st.markdown(explanation(experiment))
    if experiment.other is not None and not now.running and (total := lower_total(experiment, now.epochs)):
        st.markdown(total.words)
    st.header("Loss of each task, before weighting", anchor=False)
    tasks(now, log=log)


def _heading(shown: ShownRun) -> bool:
    """Draw one line above the curves: the scale, and what they show. Returns whether the scale is logarithmic."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        scale = st.segmented_control(
            "Loss scale", ["linear", "log"], default=kept_choice("curves.scale", "log"), key="curves.scale",
            required=True, label_visibility="collapsed",
            help="Equal distances are equal differences on a linear axis, and equal ratios on a logarithmic one.",
        )  # fmt: skip
        st.caption(caption(shown))
    return scale == "log"


def caption(shown: ShownRun) -> str:
    """What the curves show: the settings if they are not the visitor's, and the band if there is one."""
    run = shown.run
    parts = []
    if shown.differences:
        what = "Training with" if run.running else "Result of"
        parts.append(f"**{what} {differences_words(shown)}**, not your settings")
    if run.source == "recorded":
        parts.append(_recorded_sentence(run.experiment))
    seeds = list(dict.fromkeys(epoch.seed for epoch in run.epochs))
    if len(seeds) > 1:
        of = "" if len(seeds) == run.experiment.training.seeds else f" of {run.experiment.training.seeds}"
        parts.append(f"Line: median. Band: smallest to largest of {len(seeds)}{of} seeds")
    return ". ".join(parts) + ("." if parts else "")


def _recorded_sentence(experiment: Experiment) -> str:
    """When, where and with which versions the run was recorded; without a full stop."""
    known = recorded_run(experiment)
    if known is None:
        return ""
    day = time.strftime("%Y-%m-%d", time.gmtime(known.recorded_at))
    return f":material/inventory_2: Recorded on {day} with {known.run.software}, on {known.machine.name}"


def show_totals(shown: ShownRun) -> None:
    """Draw the total losses of the run by themselves, with their scale and what they show."""
    with st.container(key=_RESULT):
        _progress(shown)
        totals(shown.run, log=_heading(shown))


def totals(now: RunView, *, log: bool, before: RunView | None = None) -> None:
    """Draw the total losses of a run, and faintly those of the run `before` it."""
    experiment, earlier = now.experiment, before.keyed_epochs if before else _NO_EPOCHS
    styles_before = side_keys(before.experiment) if before else None
    figure = _total(
        now.keyed_epochs, side_keys(experiment), log, earlier, experiment.training.epochs, not now.running,
        levels.of_total(experiment), styles_before,
    )  # fmt: skip
    chart.show(figure, key="curves.total", alt=f"Total loss of both {experiment.noun}s by epoch")


def tasks(now: RunView, *, log: bool) -> None:
    """Draw the losses of each task of a run."""
    experiment, epochs = now.experiment, now.keyed_epochs
    styles = side_keys(experiment)
    heads = experiment.architecture.heads
    if len(heads) > _TASKS_AT_ONCE:
        st.toggle(
            f"Show all {len(heads)} tasks", kept_choice("all_tasks", False), key="all_tasks",
            help=f"Draw the curves and predictions of every head, not only of the first {_TASKS_AT_ONCE}.",
        )  # fmt: skip
    with st.grid(_columns(len(heads)), min_column_width=280):
        for i in range(drawn_tasks(len(heads))):
            figure = _task(
                epochs, styles, heads[i], i, log, experiment.training.epochs, levels.of_task(experiment, heads[i].name)
            )
            chart.show(figure, key=f"curves.task.{i}", alt=f"Loss of task {heads[i].name} in both {experiment.noun}s")


def show_player(now: RunView) -> None:
    """Draw weights, predictions and player of a run; nothing unless it has finished and its result is kept."""
    if now.run is None:
        return
    player.show_weights(now)
    player.show(now, drawn_tasks(len(now.experiment.architecture.heads)))


def show_weights(shown: ShownRun) -> None:
    """Draw the weights of the run, live or finished, in a fragment. A recorded run of other settings has none.

    Live and finished weights are drawn in the same place, so that the diagram is not mounted again when the run ends.
    """
    run = shown.run
    if shown.foreign or shown.awaited or not run.snapshots:
        return
    if shown.differences and not run.running:
        st.caption(f"Weights of {differences_words(shown)}, not of your settings.")
    if run.experiment.training.seeds > 1:
        st.caption(f"Weights are those of seed {run.experiment.training.seed}, the first.")
    player.show_weights(run, within=True)


def show_finished(shown: ShownRun, place: DeltaGenerator) -> None:
    """Draw what only a finished run has: predictions and the player. A recorded run of other settings has none.

    While a run of the visitor's has no epochs yet, no other run can be played.
    """
    run = shown.run.run
    if run is None or shown.foreign or shown.awaited:
        return
    if shown.differences:
        st.caption(f"Predictions of {differences_words(shown)}, not of your settings.")
    if run.experiment.training.seeds > 1:
        st.caption(f"Predictions are those of seed {run.experiment.training.seed}, the first.")
    heads = len(run.experiment.architecture.heads)
    player.show(shown.run, drawn_tasks(heads), place)


def _columns(heads: int) -> int:
    """Charts side by side: as many as fill the row."""
    return min(heads, 4 if heads % 3 == 1 else 3)


def drawn_tasks(heads: int) -> int:
    """How many tasks to draw: a few, or all on request."""
    return heads if st.session_state.get("all_tasks") else min(heads, _TASKS_AT_ONCE)
