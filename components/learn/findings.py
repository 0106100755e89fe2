"""One sentence on what was measured of each step, for the end of a lesson."""

from __future__ import annotations

from backend.jobs import JobView
from backend.lessons import Step
from backend.lessons.findings import of_run, sentences
from backend.questions.topologies.job import TopologyInspection, TopologyInspectJob
from backend.services import services
from components.learn import lab, measured, mistake
from components.live.polling import first_unfinished
from components.session.visitor import visitor
from components.text import for_markdown
from components.topologies import panel


def request(step: Step) -> None:
    """Have the workers measure what the sentence says, unless that has been done."""
    measured.request(step, step.experiment)
    if step.block.page == "topologies":
        services().shared.request(_inspection(step.block.show[0]), visitor(), aside=True)


def pending(step: Step) -> JobView | None:
    """The first job that the sentence waits for, as it stands; None if it waits for none."""
    if step.block.page == "topologies":
        return first_unfinished([services().shared.find(_inspection(step.block.show[0]), visitor())])
    return measured.pending(step, step.experiment)


def sentence(step: Step) -> str:
    """The sentence, in Markdown. If no measurement is at hand, the answer that the lesson gives."""
    return _measured(step) or f"The lesson’s answer: {step.ticked}."


def _measured(step: Step) -> str:
    """The sentence about the first panel of the step; empty if its result is not at hand."""
    first = step.block.show[0]
    match step.block.page:
        case "train":
            now = measured.run(step.experiment)
            return of_run(step, now.run.epochs) if now is not None and now.run is not None else ""
        case "claims":
            return _claim(step, first)
        case "topologies":
            return _topology(first)
        case "lab":
            return lab.finding(step)
        case "mistake":
            return _mistake(step)
        case "compare":
            return ""


def _mistake(step: Step) -> str:
    shown = measured.mistake_of(step)
    evidence = mistake.evidence(shown) if shown is not None else None
    if shown is None or evidence is None:
        return ""
    return sentences(shown.verdict(evidence).finding)[0]


def _claim(step: Step, key: str) -> str:
    verdict = measured.claim_verdict(key, step.experiment)
    return sentences(verdict.finding)[0] if verdict else ""


def _topology(key: str) -> str:
    inspection: TopologyInspection | None = services().shared.result(_inspection(key), visitor())
    if inspection is None:
        return ""
    if inspection.error is None:
        return "This version of Keras builds the Sequential attempt without an error."
    return f"Keras refuses the Sequential attempt: {for_markdown(panel.reason(inspection.error), 160)}"


def _inspection(key: str) -> TopologyInspectJob:
    return TopologyInspectJob(topology=key)
