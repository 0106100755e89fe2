"""The training of a topology beside its baseline: Train, Cancel, progress, and a verdict on each of its lengths."""

from __future__ import annotations

import streamlit as st

from backend.jobs import JobView
from backend.jobs.messages import Progress
from backend.services import services
from backend.topologies import TOPOLOGIES, Outcome, Topology, outcome
from backend.topologies.jobs import KIND
from backend.topologies.verdict import comparison, false_findings, verdict
from backend.training.store import InterruptedRun
from backend.words import ago
from components.browser.announcement import await_end, when_ended
from components.charts import figure as chart
from components.live import interrupted
from components.live.job_status import progress
from components.live.polling import first_unfinished, poll_while
from components.session import state
from components.session.visitor import visitor
from components.topologies import chart as topology_chart
from components.topologies import choice

_ALL = TOPOLOGIES.values()
_RESULT = "topologies.result"
_CHARTS = (_RESULT, "topologies.longer")
#: For each length that has scores: its epochs, the scores of both models, and the outcome.
_Measured = list[tuple[int, list[float], list[float], Outcome | None]]
_COLOURS = {"better": "green", "worse": "red", "no difference": "orange", "no verdict": "gray"}


def show(topology: Topology) -> None:
    """Draw the buttons and the findings in a row, as a fragment that polls while the training goes on."""

    def draw() -> None:
        view = _view(topology)
        _controls(topology, view)
        if lost := interrupted.lost(KIND):
            interrupted.show(lost, f"training of “{_topology_of(lost).title}”", _repeat)

    poll_while(draw, lambda: _pending(topology))


def show_result(topology: Topology) -> None:
    """Draw verdicts and scores of both lengths, as a fragment that polls while the training goes on."""
    poll_while(lambda: result(topology, _view(topology)), lambda: _pending(topology))


def _pending(topology: Topology) -> JobView | None:
    return first_unfinished([services().topologies.find(topology, _relatedness(), visitor())])


def _relatedness() -> float:
    return state.experiment().sequences.relatedness


def _view(topology: Topology) -> JobView | None:
    job = services().topologies.find(topology, _relatedness(), visitor())
    return job.view() if job else None


def _controls(topology: Topology, view: JobView | None) -> None:
    done = view is not None and view.state == "finished"
    mine = services().topologies.awaits(topology, _relatedness(), visitor())  # a visitor may join another visitor's run
    cancelling = view is not None and view.cancelling
    short, long = topology.lengths
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**Is it better than “{topology.baseline.title}”?**", width="content")
        st.button(
            "Train again" if done else "Train both", type="secondary" if done else "primary", key="topologies.train",
            icon=":material/replay:" if done else ":material/play_arrow:", on_click=_start, kwargs={"again": done},
            disabled=mine,
            help=f"Trains “{topology.model.title}” and “{topology.baseline.title}” with `model.fit`, {topology.seeds} "
            f"seeds each: {short} epochs, then {long} from fresh weights.",
        )  # fmt: skip
        st.button(
            "Cancel", icon=":material/stop:", on_click=_cancel, disabled=not mine or cancelling,
            help="Stops your training. It goes on if another visitor waits for it.",
        )  # fmt: skip
        if found := " ".join(_badge(epochs, outcome) for epochs, _, _, outcome in _measured(topology, view) if outcome):
            st.markdown(found, width="content")
        if done and view is not None and view.finished_at is not None:
            st.caption(f":material/history: Measured {ago(view.finished_at)}, for all visitors", width="content")
    if view is None:
        return
    if not view.ended:
        share = max([event.share for event in view.events if isinstance(event, Progress)], default=0.0)
        progress(view, share, _stage(topology, view) if share else "Building and tracing …")
    elif not done:
        st.info(view.message, icon=":material/stop_circle:")


def _stage(topology: Topology, view: JobView) -> str:
    """The seed and the number of epochs that are being trained."""
    short, long = topology.lengths
    epochs = short if len(topology_chart.scores(view, short)[0]) < topology.seeds else long
    seed = min(len(topology_chart.scores(view, epochs)[0]) + 1, topology.seeds)
    return f"Seed {seed} of {topology.seeds}, {epochs} epochs"


def result(topology: Topology, view: JobView | None) -> None:
    """Draw the verdict and the scores after the short and after the long training side by side."""
    measured = _measured(topology, view)
    _draw_result(topology, measured)
    if view is not None:
        found = [verdict(topology, epochs, outcome) for epochs, _, _, outcome in measured if outcome]
        when_ended(_RESULT, view.id, " ".join(found), running=not view.ended)


def _draw_result(topology: Topology, measured: _Measured) -> None:
    if not measured:
        return
    st.subheader("The result", anchor=False)
    short: Outcome | None = None
    with st.grid(2, min_column_width=topology_chart.COLUMN):
        for key, (epochs, model, baseline, found) in zip(_CHARTS, measured, strict=False):
            figure = topology_chart.figure(topology, epochs, model, baseline, found)
            with st.container():
                chart.show(figure, key=key, alt=f"{topology.metric.name} of both models for each seed, {epochs} epochs")
                if found:
                    said = [verdict(topology, epochs, found), comparison(topology, short, found) if short else ""]
                    st.markdown(" ".join(filter(None, [_badge(epochs, found), *said])))
            short = found
    if short_outcome := measured[0][-1]:
        st.caption(
            "The scores are measured on the validation sequences. The interval contains the median of such differences "
            f"with {short_outcome.confidence:.0%} confidence, whatever their distribution. Its ends are two of the "
            f"sorted differences, as in a sign test. The problems were tuned on other seeds. {false_findings(_ALL)}"
        )


def _badge(epochs: int, found: Outcome) -> str:
    words = "no difference shown" if found.finding == "no difference" else found.finding
    return f":{_COLOURS[found.finding]}-badge[**{words} after {epochs} epochs**]"


def _measured(topology: Topology, view: JobView | None) -> _Measured:
    """For each length that has scores: its epochs, the scores of both models, and the outcome of all its seeds."""
    lengths = []
    if view is None:
        return []
    for epochs in topology.lengths:
        model, baseline = topology_chart.scores(view, epochs)
        if not model:
            break
        complete = len(model) == topology.seeds
        lengths.append((epochs, model, baseline, outcome(model, baseline, topology.metric) if complete else None))
    return lengths


def _start(again: bool = False) -> None:
    state.touch()
    topology = choice.chosen()
    job = services().topologies.train(topology, _relatedness(), visitor(), again)
    await_end(_RESULT, job.id)
    interrupted.begun(KIND, state.experiment(), {"": job}, topology=topology.key)


def _topology_of(lost: InterruptedRun) -> Topology:
    """The topology that was trained; the first one if its key no longer exists."""
    name = lost.query.get("topology", [""])[-1]
    return TOPOLOGIES.get(name) or next(iter(TOPOLOGIES.values()))


def _repeat() -> None:
    lost = interrupted.lost(KIND)
    if lost is not None:
        topology = _topology_of(lost)
        choice.choose(topology)
        if topology.has_relatedness:
            state.change(("sequences", "relatedness"), lost.experiment.sequences.relatedness)
        _start()


def _cancel() -> None:
    state.touch()
    topology = choice.chosen()
    interrupted.forget(KIND, services().topologies.find(topology, _relatedness(), visitor()))
    services().topologies.release(topology, _relatedness(), visitor())
