"""The training of a topology beside its baseline: Train, Cancel, progress, and a verdict on each of its lengths."""

from __future__ import annotations

import streamlit as st

from backend.jobs import JobView
from backend.questions.topologies import TOPOLOGIES, Topology
from backend.questions.topologies.base import Relatedness
from backend.questions.topologies.job import TopologyJob
from backend.questions.topologies.verdict import METHOD, Gains, Scores, false_findings
from backend.training.started import InterruptedJobs
from backend.words import ago
from components.browser.announcement import announce_end
from components.charts import figure as chart
from components.investigations.page_job import PageJob
from components.investigations.prediction import mark_sentence
from components.live.polling import Watch, poll_while
from components.session import state
from components.topologies import chart as topology_chart
from components.topologies import choice

_ALL = TOPOLOGIES.values()
_RESULT = "topologies.result"
_PREDICT = (
    "Choose what you expect. If there is no result yet, both models are trained. Then you see whether you were right."
)
_CHARTS = (_RESULT, "topologies.longer")
#: For each length that has scores: its epochs, the scores of both models, and what all seeds show.
_Measurements = list[tuple[int, Scores, Gains | None]]
_COLOURS = {"better": "green", "worse": "red", "no difference": "orange", "no verdict": "gray"}


def _topology_job() -> TopologyJob:
    return TopologyJob.of(choice.chosen(), Relatedness(rho=state.experiment().sequences.relatedness))


_JOB = PageJob(_topology_job, _RESULT, asks_prediction=True)


def show(topology: Topology) -> None:
    """Draw the buttons and the findings in a row, as a fragment that polls while the training goes on."""

    def draw() -> None:
        _controls(topology, _JOB.view())
        _JOB.show_interrupted(lambda run: f"training of “{_topology_of(run).title}”", _restore)

    Watch(_JOB.pending, _JOB.is_shown).draw(draw)


def show_result(topology: Topology) -> None:
    """Draw verdicts and scores of both lengths, as a fragment that polls while the training goes on."""
    poll_while(lambda: result(topology, _JOB.view() if _JOB.is_shown() else None), _JOB.pending)


def _controls(topology: Topology, view: JobView | None) -> None:
    short, long = topology.lengths
    if not _JOB.is_shown():
        _JOB.ask(f"topologies.predict.{topology.key}", _PREDICT, measures=True)
    else:
        st.markdown(_question_sentence(topology, view))
    with st.container(horizontal=True, vertical_alignment="center"):
        _JOB.buttons(
            view, ("Train both", "Train again"),
            (
                f"Trains “{topology.model.title}” and “{topology.baseline.title}” with `model.fit`, {topology.seeds} "
                f"seeds each: {short} epochs, then {long} from fresh weights. You may also see the result "
                "without a prediction.",
                "Stops your training. It continues if another visitor waits for it.",
            ),
            ("topologies.train", "topologies.cancel"),
        )  # fmt: skip
        _JOB.script_button("Downloads a Python file that trains both models with the same seeds.", "topologies.script")
        if _JOB.prediction():
            _JOB.predict_again_button(
                "Removes your prediction for this model and hides the result.", "topologies.again"
            )
        measurements = _measurements(topology, view) if _JOB.is_shown() else []
        if badges := " ".join(_badge(epochs, found) for epochs, _, found in measurements if found):
            st.markdown(badges, width="content")
        if view is not None and view.stored_result is not None and view.finished_at is not None:
            st.caption(f":material/history: Measured {ago(view.finished_at)}, for all visitors", width="content")
    _JOB.status(view, lambda share: _stage(topology, view) if share and view else "Building and tracing …")


def _question_sentence(topology: Topology, view: JobView | None) -> str:
    """The question, the visitor's prediction, and once it is measured whether that is right."""
    question, prediction = f"**{topology.question}**", _JOB.prediction()
    if view is not None and view.state == "finished" and view.result is not None:
        return f"{question} {mark_sentence(topology.judge(view.result), prediction)}"
    return f"{question} You predicted “{prediction}”." if prediction else question


def _stage(topology: Topology, view: JobView) -> str:
    """The seed and the number of epochs that are being trained."""
    short, long = topology.lengths
    epochs = short if len(topology_chart.scores(topology, view, short).model) < topology.seeds else long
    seed = min(len(topology_chart.scores(topology, view, epochs).model) + 1, topology.seeds)
    return f"Seed {seed} of {topology.seeds}, {epochs} epochs"


def result(topology: Topology, view: JobView | None) -> None:
    """Draw the verdict and the scores after the short and after the long training side by side."""
    measurements = _measurements(topology, view)
    _draw_result(topology, measurements)
    if view is not None:
        verdicts = [topology.sentence(epochs, found) for epochs, _, found in measurements if found]
        announce_end(_RESULT, view.id, " ".join(verdicts), running=not view.ended)


def _draw_result(topology: Topology, measurements: _Measurements) -> None:
    if not measurements:
        return
    st.subheader("The result", anchor=False)
    with st.grid(2, min_column_width=topology_chart.COLUMN):
        for key, (epochs, scores, found) in zip(_CHARTS, measurements, strict=False):
            figure = topology_chart.figure(topology, epochs, scores, found)
            with st.container():
                chart.show(figure, key=key, alt=f"{topology.metric} of both models for each seed, {epochs} epochs")
                if found:
                    st.markdown(f"{_badge(epochs, found)} {topology.sentence(epochs, found)}")
    if measurements[0][-1]:
        st.caption(f"{METHOD} {false_findings(each.seeds for each in _ALL)}")


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


def _topology_of(run: InterruptedJobs) -> Topology:
    """The topology that was trained; the first one if its key no longer exists."""
    name = run.query.get("topology", [""])[-1]
    return TOPOLOGIES.get(name) or next(iter(TOPOLOGIES.values()))


def _restore(run: InterruptedJobs) -> None:
    topology = _topology_of(run)
    choice.choose(topology)
    if topology.has_relatedness:
        state.change(("sequences", "relatedness"), run.experiment.sequences.relatedness)
