"""The training of a topology beside its baseline: Train, Cancel, progress, and a verdict on each of its lengths."""

from __future__ import annotations

import streamlit as st

from backend.jobs import JobView
from backend.questions.topologies import TOPOLOGIES, Topology
from backend.questions.topologies.base import Relatedness
from backend.questions.topologies.job import TopologyJob
from backend.questions.topologies.verdict import METHOD, Gains, Scores, false_findings
from components.charts import figure as chart
from components.investigations.page_job import PageJob
from components.live.polling import Watch, poll_while
from components.session import state
from components.topologies import chart as topology_chart
from components.topologies import choice

_CHARTS = ("topologies.result", "topologies.longer")
_PREDICT = (
    "Choose what you expect. If there is no result yet, both models are trained. Then you see whether you were right."
)
#: For each length that has scores: its epochs, the scores of both models, and what all seeds show.
_Measurements = list[tuple[int, Scores, Gains | None]]
_COLOURS = {"better": "green", "worse": "red", "no difference": "orange", "no verdict": "gray"}


_JOB = PageJob(
    lambda: TopologyJob.of(choice.chosen(), Relatedness(rho=state.experiment().sequences.relatedness)), "topologies",
    "Train both", "Train again",
    asks_prediction=True,
)  # fmt: skip


def show(topology: Topology) -> None:
    """Draw the buttons and the findings in a row, as a fragment that polls while the training goes on."""

    def draw() -> None:
        view, shown = _JOB.view(), _JOB.is_shown()
        if shown:
            result = view.result if view is not None and view.state == "finished" else None
            verdict = topology.judge(result) if result is not None else None
            st.markdown(f"**{topology.question}** {_JOB.answer(verdict)}")
        else:
            _JOB.ask(_PREDICT, measures=True)
        _JOB.controls(
            view, lambda share: _stage(topology, view) if share and view else "Building and tracing …",
            more=lambda: _badges(_measurements(topology, view) if shown else []),
        )  # fmt: skip
        _JOB.show_interrupted()

    Watch(_JOB.pending, _JOB.is_shown).draw(draw)


def show_result(topology: Topology) -> None:
    """Draw verdicts and scores of both lengths, as a fragment that polls while the training goes on."""
    poll_while(lambda: result(topology, _JOB.view() if _JOB.is_shown() else None), _JOB.pending)


def _badges(measurements: _Measurements) -> None:
    if badges := " ".join(_badge(epochs, found) for epochs, _, found in measurements if found):
        st.markdown(badges, width="content")


def _stage(topology: Topology, view: JobView) -> str:
    """The seed and the number of epochs that are being trained."""
    short, long = topology.lengths
    epochs = short if len(topology_chart.scores(topology, view, short).model) < topology.seeds else long
    seed = min(len(topology_chart.scores(topology, view, epochs).model) + 1, topology.seeds)
    return f"Seed {seed} of {topology.seeds}, {epochs} epochs"


def result(topology: Topology, view: JobView | None) -> None:
    """Draw the verdict and the scores after the short and after the long training side by side."""
    measurements = _measurements(topology, view)
    if measurements:
        _draw_result(topology, measurements)
    said = [topology.sentence(epochs, found) for epochs, _, found in measurements if found]
    _JOB.announce(view, lambda: " ".join(said))


def _draw_result(topology: Topology, measurements: _Measurements) -> None:
    st.subheader("The result", anchor=False)
    with st.grid(2, min_column_width=topology_chart.COLUMN):
        for key, (epochs, scores, found) in zip(_CHARTS, measurements, strict=False):
            figure = topology_chart.figure(topology, epochs, scores, found)
            with st.container():
                chart.show(figure, key=key, alt=f"{topology.metric} of both models for each seed, {epochs} epochs")
                if found:
                    st.markdown(f"{_badge(epochs, found)} {topology.sentence(epochs, found)}")
    if measurements[0][-1]:
        st.caption(f"{METHOD} {false_findings(each.seeds for each in TOPOLOGIES.values())}")


def _badge(epochs: int, found: Gains) -> str:
    words = "no difference shown" if found.finding == "no difference" else found.finding
    return f":{_COLOURS[found.finding]}-badge[**{words} after {epochs} epochs**]"


def _measurements(topology: Topology, view: JobView | None) -> _Measurements:
    lengths: _Measurements = []
    if view is None:
        return []
    for epochs in topology.lengths:
        scores = topology_chart.scores(topology, view, epochs)
        if not scores.model:
            break
        lengths.append((epochs, scores, scores.gains if len(scores.model) == topology.seeds else None))
    return lengths
