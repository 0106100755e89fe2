"""The results of a run, live or finished: totals, ratio, each task, predictions, and the trained weights."""

from __future__ import annotations

import time

import streamlit as st

from backend.experiment.differences import differences
from backend.experiment.sides import side_keys
from backend.training.finding import lower_total
from backend.training.loss_ratio import comparability
from backend.training.recorded import recorded_run
from backend.words import shortened
from components import diagram
from components.charts import figure as chart
from components.session.controls import kept_choice
from components.streamlit_internals.selectors import expanded
from components.train import controls, curves, levels, player, predictions, ratio
from components.train.run import RunView, ShownRun

_TASKS_AT_ONCE = 6
#: The key of the scale of losses.
_SCALE = "curves.scale"
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


def show(shown: ShownRun, before: RunView | None = None, *, totals_alone: bool = False, played: bool = False) -> None:
    """Draw the progress and the curves of the run; the totals of the run `before` it are drawn faintly.

    With `totals_alone`, for a foreign run, and while the visitor's own run has no epochs, only the totals are drawn. If
    the run is `played`, its player is below them. All runs have their charts in the same places, so no chart is mounted
    again. Progress and curves are drawn together, so they match.
    """
    run = shown.run
    with st.container(key=_RESULT):
        with st.container():
            if run.running:
                controls.show_progress(run)
        log = kept_choice(_SCALE, "log") == "log"
        alone = totals_alone or shown.foreign or shown.awaited
        left, beside = st.columns([5, 2]) if not totals_alone else (st.container(), st.container())
        with left:
            totals(run, log=log, before=before)
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train.player"):
                if played and not shown.foreign and not shown.awaited:
                    player.show(run)
                _choose_scale()
        if alone:
            return
        with beside:
            ratio.show(run.experiment, run.epochs)
            if run.experiment.other and not run.running and (total := lower_total(run.experiment, run.epochs)):
                st.markdown(f"{total.words} {comparability(run.experiment)}")
        st.header("Loss of each task, before weighting", anchor=False)
        tasks(run, log=log)


def _choose_scale() -> None:
    st.segmented_control(
        "Loss scale", ["linear", "log"], default=kept_choice(_SCALE, "log"), key=_SCALE, required=True,
        label_visibility="collapsed", width="content",
        help="Equal distances are equal differences on a linear axis, and equal ratios on a logarithmic one.",
    )  # fmt: skip


def caption(run: RunView) -> str:
    """When, where and with which versions a run was recorded; empty for another one."""
    known = recorded_run(run.experiment) if run.source == "recorded" else None
    if known is None:
        return ""
    day = time.strftime("%Y-%m-%d", time.gmtime(known.recorded_at))
    return f"Recorded on {day} with {known.run.software}, on {known.machine.name}."


def totals(now: RunView, *, log: bool, before: RunView | None = None) -> None:
    """Draw the total losses of a run, and faintly those of the run `before` it."""
    experiment, earlier = now.experiment, before.keyed_epochs if before else _NO_EPOCHS
    styles_before = side_keys(before.experiment) if before else None
    changed = shortened(differences(before.experiment, experiment), 2) if before else ""
    figure = _total(
        now.keyed_epochs, side_keys(experiment), log, earlier, experiment.training.epochs,
        levels.of_total(experiment), styles_before, changed,
    )  # fmt: skip
    chart.show(figure, key="curves.total", alt=f"Total loss of both {experiment.noun}s by epoch")


def tasks(now: RunView, *, log: bool) -> None:
    """Draw the losses of each task of a run."""
    experiment = now.experiment
    heads, last = experiment.architecture.heads, experiment.training.epochs
    if len(heads) > _TASKS_AT_ONCE:
        st.toggle(
            f"Show all {len(heads)} tasks", kept_choice("all_tasks", False), key="all_tasks",
            help=f"Draw the curves and predictions of every head, not only of the first {_TASKS_AT_ONCE}.",
        )  # fmt: skip
    with st.grid(_columns(len(heads)), min_column_width=280):
        for i, head in enumerate(heads[: drawn_tasks(len(heads))]):
            across = levels.of_task(experiment, head.name)
            figure = _task(now.keyed_epochs, side_keys(experiment), head, i, log, last, across)
            chart.show(figure, key=f"curves.task.{i}", alt=f"Loss of task {head.name} in both {experiment.noun}s")


def show_weights(shown: ShownRun, *, within: bool = True) -> None:
    """Draw the weights of the run, live or finished, by default in a fragment; a foreign run has none.

    Live and finished weights are drawn in the same place, so that the diagram is not mounted again when the run ends.
    """
    now = shown.run
    if shown.foreign or shown.awaited or not now.snapshots:
        return
    st.header(f"Trained weights by epoch{_seed(now)}" if now.run else f"Weights so far{_seed(now)}", anchor=False)
    both = now.experiment.of_settings() if now.experiment.other else now.experiment
    diagram.show(
        both, key="train.connectivity", snapshots=now.snapshots, run=now.name, live=now.run is None, within=within
    )


def show_predictions(shown: ShownRun) -> None:
    """Draw the predictions of a run that has finished. A recorded run of other settings has none."""
    run = shown.run.run
    if run is None or not run.predictions or shown.foreign or shown.awaited:
        return
    if not all(each.predictions for each in run.snapshots):  # an early version kept only those at the end
        return
    heads = len(run.experiment.architecture.heads)
    st.header(f"{predictions.heading(run)}{_seed(shown.run)}", anchor=False)
    predictions.show(shown.run.name, run, drawn_tasks(heads), _columns(heads))


def _seed(now: RunView) -> str:
    """Of which seed predictions and weights are, if there are several."""
    return f", seed {now.experiment.training.seed}" if now.experiment.training.seeds > 1 else ""


def _columns(heads: int) -> int:
    """Charts side by side: as many as fill the row."""
    return min(heads, 4 if heads % 3 == 1 else 3)


def drawn_tasks(heads: int) -> int:
    """How many tasks to draw: a few, or all on request."""
    return heads if st.session_state.get("all_tasks") else min(heads, _TASKS_AT_ONCE)
