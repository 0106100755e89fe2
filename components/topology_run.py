"""The training of a topology beside its baseline: Train, Cancel, progress, and what came of it."""

from __future__ import annotations

import streamlit as st

from backend.jobs import JobView
from backend.topologies import TOPOLOGIES, Topology, asked, outcome, sentence
from backend.topologies.base import SAMPLES
from components import chart, state, topology_chart
from components.visitor import visitor
from components.watch import live, progress, unended

_COLOURS = {"better": "green", "worse": "red", "no difference": "orange"}
_WORDS = {"better": "it helps", "worse": "it does worse", "no difference": "no difference"}


def show(topology: Topology) -> None:
    """Draw the run as a fragment, with a clock while it goes on."""
    if topology.dial:
        st.slider(
            "Relatedness ρ of the two tasks", -1.0, 1.0, step=0.05, width=420,
            **state.view(("sequences", "relatedness"), prefix="beyond."),
        )  # fmt: skip

    def draw() -> None:
        view = _view(topology)
        _controls(topology, view)
        _result(topology, view)

    live(draw, lambda: unended([asked.trained(topology, _relatedness(), visitor())]))


def _relatedness() -> float:
    return state.experiment().sequences.relatedness


def _view(topology: Topology) -> JobView | None:
    job = asked.trained(topology, _relatedness(), visitor())
    return job.view() if job else None


def _controls(topology: Topology, view: JobView | None) -> None:
    done = view is not None and view.state == "finished"
    mine = asked.awaited(topology, _relatedness(), visitor())  # another's run may be joined
    cancelling = view is not None and view.cancelling
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Train both", type="primary", icon=":material/play_arrow:", on_click=_start, disabled=mine or done)
        st.button("Cancel", icon=":material/stop:", on_click=_cancel, disabled=not mine or cancelling)
        st.caption(
            f"{topology.seeds} seeds, {topology.epochs} epochs of model.fit on {SAMPLES} sequences, {SAMPLES} held "
            "out; for a seed both have the same data in the same order. Takes about ten seconds.",
            width="stretch",
        )
    if view is None:
        return
    if not view.ended:
        share = max([event["share"] for event in view.events if event.get("event") == "progress"], default=0.0)
        seed = min(len(topology_chart.scores(view)[0]) + 1, topology.seeds)
        progress(view, share, f"Seed {seed} of {topology.seeds}" if share else "Building and tracing …")
    elif not done:
        st.info(view.message, icon=":material/stop_circle:")


def _result(topology: Topology, view: JobView | None) -> None:
    model, baseline = topology_chart.scores(view) if view else ([], [])
    if not model:
        return
    finished = view is not None and view.state == "finished"
    found = outcome(model, baseline, topology.metric) if finished else None
    if found:
        st.markdown(f":{_COLOURS[found.finding]}-badge[**{_WORDS[found.finding]}**] {sentence(topology, found)}")
        st.caption(
            f"Scores on held-out sequences. The band holds the median of such differences with {found.confidence:.0%} "
            "confidence, whatever they follow: it runs between two of the sorted differences, as in a sign test. "
            "The problems were tuned on other seeds."
        )
    figure = topology_chart.figure(topology, model, baseline, found)
    chart.show(figure, key="beyond.result", alt=f"{topology.metric.name} of both models for each seed")


def _start() -> None:
    state.touch()
    asked.train(TOPOLOGIES[state.choice("topology")], _relatedness(), visitor())


def _cancel() -> None:
    state.touch()
    asked.leave(TOPOLOGIES[state.choice("topology")], _relatedness(), visitor())
