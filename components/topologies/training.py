"""The training of a topology beside its baseline: Train, Cancel, progress, and a verdict on each of its lengths."""

from __future__ import annotations

import numpy as np
import streamlit as st

from backend.jobs import JobView
from backend.questions.pictures import Reference, Spread, in_figures
from backend.questions.topologies import TOPOLOGIES, Topology
from backend.questions.topologies.base import Relatedness
from backend.questions.topologies.job import SeedEvent, TopologyJob
from backend.questions.topologies.verdict import METHOD, Scores, TopologyResult, false_findings, signed
from backend.words import short
from components.investigations import picture
from components.investigations.page_job import PageJob
from components.investigations.tables import table
from components.live.polling import Watch
from components.session import state
from components.topologies import choice

_PREDICT = (
    "Choose what you expect. If there is no result yet, both models are trained. Then you see whether you were right."
)


_JOB = PageJob(
    lambda: TopologyJob.of(choice.chosen(), Relatedness(rho=state.experiment().sequences.relatedness)), "topologies",
    "Train both", "Train again",
    asks_prediction=True,
)  # fmt: skip


def show(topology: Topology) -> None:
    """Draw the prediction, the buttons and the result, as a fragment that polls while the training goes on."""

    def draw() -> None:
        view, shown = _JOB.view(), _JOB.is_shown()
        if shown:
            finished = view is not None and view.state == "finished"
            verdict = topology.judge(view.result) if view is not None and finished else None
            st.markdown(f"**{topology.question}** {_JOB.answer(verdict)}")
        else:
            _JOB.ask(_PREDICT, measures=True)
        _JOB.controls(view, lambda share: _stage(topology, view) if share and view else "Building and tracing …")
        _JOB.show_interrupted()
        if shown and view is not None:
            result(topology, view)

    Watch(_JOB.pending, _JOB.is_shown).draw(draw)


def _stage(topology: Topology, view: JobView) -> str:
    """The seed and the number of epochs that are being trained."""
    first, longer = topology.lengths
    epochs = first if len(scores(topology, view, first).model) < topology.seeds else longer
    seed = min(len(scores(topology, view, epochs).model) + 1, topology.seeds)
    return f"Seed {seed} of {topology.seeds}, {epochs} epochs"


def result(topology: Topology, view: JobView) -> None:
    """Draw the gains after the short and after the long training, and what those with all seeds show."""
    measured = _measured(topology, view)
    said = [topology.sentence(n, each.gains) for n, each in measured.items() if len(each.model) == topology.seeds]
    _JOB.announce(view, lambda: " ".join(said))
    if measured:
        if said:
            st.markdown(said[-1])
        picture.show(_gains(topology, measured), "topologies.result")


def show_details(topology: Topology) -> None:
    """Draw the figures of a result that the visitor may see, and how they are measured."""
    view = _JOB.view() if _JOB.is_shown() else None
    if view is not None and (measured := _measured(topology, view)):
        gains = in_figures(_gains(topology, measured).rows, "median gain")
        medians = (_medians(topology, each) for each in measured.values())
        st.table(table([row | scored for row, scored in zip(gains, medians, strict=True)]))
    st.markdown(f"{METHOD} {false_findings(each.seeds for each in TOPOLOGIES.values())}")


def _measured(topology: Topology, view: JobView) -> dict[int, Scores]:
    """The scores so far, by the number of epochs."""
    found = {epochs: scores(topology, view, epochs) for epochs in topology.lengths}
    return {epochs: each for epochs, each in found.items() if each.model}


def _gains(topology: Topology, measured: dict[int, Scores]) -> Spread:
    rows = [each.gains.row(f"after {epochs} epochs", signed) for epochs, each in measured.items()]
    title = f"Gain in {topology.metric}: “{topology.model.title}” minus “{topology.baseline.title}”"
    return Spread(title, rows, Reference(0.0, "no gain"), "linear", note="Each dot is one seed.")


def _medians(topology: Topology, measured: Scores) -> dict[str, str]:
    """The median score of both models, by title."""
    scored = ((topology.model, measured.model), (topology.baseline, measured.baseline))
    return {model.title: short(float(np.median(values)), 3) for model, values in scored}


def scores(topology: Topology, view: JobView, epochs: int) -> Scores:
    """The scores so far of the topology and of its baseline, trained for `epochs` epochs."""
    if view.result is not None:  # the last events may arrive after the result
        result: TopologyResult = view.result
        return result.scores[epochs]
    seeds = [event for event in view.events if isinstance(event, SeedEvent)]
    first = topology.lengths.index(epochs) * topology.seeds
    seeds = seeds[first : first + topology.seeds]
    return Scores(model=tuple(each.model for each in seeds), baseline=tuple(each.baseline for each in seeds))
