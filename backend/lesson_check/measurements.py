"""Measures what the tests of a step read, on the workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.experiment import Experiment
from backend.jobs import Job
from backend.lessons import Step
from backend.lessons.figure import Source
from backend.lessons.vocabulary import question_of
from backend.questions.base import QuestionJob
from backend.questions.claims import CLAIMS
from backend.questions.claims.job import ClaimJob
from backend.questions.gradients.job import GradientsJob
from backend.questions.lab import QUESTIONS
from backend.questions.lab.recorded import recorded_evidence
from backend.questions.topologies.job import TopologyInspectJob
from backend.services import Services
from backend.training.result import Run
from backend.words import about

SEEDS = 5
#: In whose name the check measures.
VISITOR = "lesson-check"
_PATIENCE = 300.0
#: The result of a source for each seed, with the experiment of that seed.
Measurements = list[tuple[Experiment, Any]]


class NotMeasured(RuntimeError):
    """A worker could not measure a step. The message is the reason, in a sentence."""


def sources_of(step: Step) -> list[Source]:
    """What is measured of a step: what its tests read, and what its panels show."""
    page, panels = step.block.page, (*step.block.before, *step.block.show)
    shown: list[Source] = [("run", "")] if step.block.run != "none" else []
    if page == "claims":
        shown += [("claim", panel) for panel in panels]
    elif page == "topologies":
        shown += [("topology", panel) for panel in panels]
    elif page == "lab":
        shown += [("question", key) for panel in panels if (key := question_of(panel))]
    return list(dict.fromkeys([*step.sources, *shown]))


def measurements_of(source: Source, experiment: Experiment, services: Services) -> Measurements:
    """The result of a source for each of the seeds, with the experiment of that seed.

    A question on the page `lab` gives its recorded evidence, which is what the lesson shows. Raises NotMeasured.
    """
    kind, key = source
    if kind == "compass":
        return [(experiment, None)]
    if kind == "question":
        question = QUESTIONS[key]
        recorded = recorded_evidence(key, question.published[0]) if question.published else None
        if recorded is None:
            raise NotMeasured(f"Nothing is recorded for the question {key}.")
        return [(experiment, recorded.evidence)]
    if kind == "topology":
        return [(experiment, measured(TopologyInspectJob(topology=key), services))]
    experiments = [experiment.with_training(seed=experiment.training.seed + i, seeds=1) for i in range(SEEDS)]
    if kind == "run":
        return list(zip(experiments, _rows(experiment, services), strict=True))
    asked: Sequence[QuestionJob] = [
        ClaimJob.of(CLAIMS[key], one) if kind == "claim" else GradientsJob.on(one) for one in experiments
    ]
    if reason := asked[0].refusal():
        raise NotMeasured(reason)
    # A visitor has one running job of a kind, so each seed has its own visitor.
    jobs = [services.shared.request(each, f"{VISITOR}.{i}") for i, each in enumerate(asked)]
    return [(one, wait_for_result(job, services)) for one, job in zip(experiments, jobs, strict=True)]


def _rows(experiment: Experiment, services: Services) -> list[Any]:
    """The epochs of each seed."""
    run: Run = wait_for_result(services.runs.train_aside(experiment.with_training(seeds=SEEDS), VISITOR).job, services)
    seeds = range(experiment.training.seed, experiment.training.seed + SEEDS)
    rows = [[epoch for epoch in run.epochs if epoch.seed == seed] for seed in seeds]
    if not all(rows):
        raise NotMeasured(run.stopped or "Not every seed was trained.")
    return rows


def measured(asked: Any, services: Services) -> Any:
    """The result of what is asked. Raises NotMeasured."""
    return wait_for_result(services.shared.request(asked, VISITOR), services)


def wait_for_result(job: Job, services: Services) -> Any:
    """The result of the job once it has ended. Raises NotMeasured."""
    view = services.jobs.wait(job, _PATIENCE)
    if view.state != "finished":
        raise NotMeasured(view.message or f"It was not measured within {about(_PATIENCE)}.")
    return view.result
