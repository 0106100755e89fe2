"""The training of a topology beside its baseline: Train, Cancel, progress, and a verdict on each of its lengths."""

from __future__ import annotations

import streamlit as st

from backend.jobs import JobView
from backend.jobs.messages import Progress
from backend.services import services
from backend.topologies import TOPOLOGIES, Outcome, Topology, outcome
from backend.topologies.base import SAMPLES
from backend.topologies.jobs import KIND
from backend.topologies.verdict import comparison, verdict
from backend.training.store import InterruptedRun
from components.charts import figure as chart
from components.live import interrupted
from components.live.job_status import progress
from components.live.polling import first_unfinished, poll_while
from components.session import page_options, state
from components.session.visitor import visitor
from components.topologies import chart as topology_chart

_COLOURS = {"better": "green", "worse": "red", "no difference": "orange", "no verdict": "gray"}


def show(topology: Topology) -> None:
    """Draw the run as a fragment that polls while the run goes on."""
    if topology.has_relatedness:
        st.slider(
            "Relatedness ρ of the two tasks", -1.0, 1.0, step=0.05, width=420,
            **state.view(("sequences", "relatedness"), prefix="topologies."),
        )  # fmt: skip

    def draw() -> None:
        view = _view(topology)
        _controls(topology, view)
        if lost := interrupted.lost(KIND):
            interrupted.show(lost, f"training of “{_topology_of(lost).title}”", _repeat)
        result(topology, view)

    poll_while(draw, lambda: first_unfinished([services().topologies.find(topology, _relatedness(), visitor())]))


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
        st.button("Train both", type="primary", icon=":material/play_arrow:", on_click=_start, disabled=mine or done)
        st.button("Cancel", icon=":material/stop:", on_click=_cancel, disabled=not mine or cancelling)
        # A caption fades code below the contrast that everybody can read, so it names `model.fit` in words.
        st.caption(
            f"Both models are trained with {topology.seeds} seeds, on {SAMPLES} training sequences for each, by "
            f"Keras's fit method: first for {short} epochs, then from fresh weights for {long}. They are scored on "
            f"{SAMPLES} validation sequences. For each seed, both models get the same data in the same order.",
            width="stretch",
        )
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
    """Draw the verdict and the figure of the short training, then of the long one, with a comparison of the two."""
    if view is None:
        return
    short: Outcome | None = None
    for epochs, key in zip(topology.lengths, ("topologies.result", "topologies.longer"), strict=True):
        model, baseline = topology_chart.scores(view, epochs)
        if not model:
            return
        found = outcome(model, baseline, topology.metric) if len(model) == topology.seeds else None
        if found:
            sentences = [verdict(topology, epochs, found), comparison(topology, short, found) if short else ""]
            badge = f":{_COLOURS[found.finding]}-badge[**{found.finding} after {epochs} epochs**]"
            st.markdown(" ".join([badge, *filter(None, sentences)]))
        if found and not short:
            st.caption(
                "The scores are measured on the validation sequences. The interval contains the median of such "
                f"differences with {found.confidence:.0%} confidence, whatever their distribution. Its ends are two of "
                "the sorted differences, as in a sign test. The problems were tuned on other seeds."
            )
        figure = topology_chart.figure(topology, epochs, model, baseline, found)
        chart.show(figure, key=key, alt=f"{topology.metric.name} of both models for each seed after {epochs} epochs")
        short = found


def _start() -> None:
    state.touch()
    topology = TOPOLOGIES[page_options.chosen("topology")]
    job = services().topologies.train(topology, _relatedness(), visitor())
    interrupted.begun(KIND, state.experiment(), {"": job}, topology=topology.key)


def _topology_of(lost: InterruptedRun) -> Topology:
    """The topology that was trained; the first one if its key no longer exists."""
    name = lost.query.get("topology", [""])[-1]
    return TOPOLOGIES.get(name) or next(iter(TOPOLOGIES.values()))


def _repeat() -> None:
    lost = interrupted.lost(KIND)
    if lost is not None:
        topology = _topology_of(lost)
        page_options.choose("topology", topology.key)
        if topology.has_relatedness:
            state.change(("sequences", "relatedness"), lost.experiment.sequences.relatedness)
        _start()


def _cancel() -> None:
    state.touch()
    topology = TOPOLOGIES[page_options.chosen("topology")]
    interrupted.forget(KIND, services().topologies.find(topology, _relatedness(), visitor()))
    services().topologies.release(topology, _relatedness(), visitor())
