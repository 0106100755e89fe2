"""Measures what the tests of a step read, on the workers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import Any

from backend.experiment import Experiment
from backend.jobs import Job
from backend.lessons.figure import Source
from backend.questions.claims import CLAIMS
from backend.questions.claims.job import ClaimJob
from backend.questions.gradients.job import GradientsJob
from backend.questions.lab import QUESTIONS
from backend.questions.lab.job import QuestionJob
from backend.questions.lab.recorded import recorded_evidence
from backend.questions.topologies.job import TopologyInspectJob
from backend.services import Services
from backend.training.result import Run
from backend.words import about

SEEDS = 5
#: In whose name the check measures.
VISITOR = "lesson-check"
_PATIENCE = 300.0
#: The most seconds on an idle core for all questions of the Lab that are measured again.
_AGAIN_SECONDS = 30.0
#: The result of a source for each seed, with the experiment of that seed.
Measurements = list[tuple[Experiment, Any]]


class NotMeasured(RuntimeError):
    """A worker could not measure a step. The message is the reason, in a sentence."""


def quickest(questions: Iterable[str]) -> frozenset[str]:
    """The questions that take the least time, as many as there is time for."""
    seconds = {
        key: QUESTIONS[key].seconds(QUESTIONS[key].published[0]) for key in questions if QUESTIONS[key].published
    }
    ordered = sorted(seconds, key=seconds.__getitem__)
    known = zip(ordered, accumulate(seconds[key] for key in ordered), strict=True)
    return frozenset(key for key, in_all in known if in_all <= _AGAIN_SECONDS)


def measure_question(key: str, services: Services) -> Job:
    """The job that measures the question here. A visitor has one running job, so each question has its own visitor."""
    job = QuestionJob.of(QUESTIONS[key], QUESTIONS[key].published[0])
    return services.shared.request(job, f"{VISITOR}.{key}")


def measurements_of(source: Source, experiment: Experiment, services: Services, again: frozenset[str]) -> Measurements:
    """The result of a source for each of the seeds, with the experiment of that seed.

    A question of the Lab gives its recorded evidence, and the evidence measured here if it is one of `again`. Raises
    NotMeasured.
    """
    kind, key = source
    if kind == "compass":
        return [(experiment, None)]
    if kind == "question":
        question = QUESTIONS[key]
        recorded = recorded_evidence(key, question.published[0]) if question.published else None
        if recorded is None:
            raise NotMeasured(f"Nothing is recorded for the question {key}.")
        measured = [wait_for_result(measure_question(key, services), services)] if key in again else []
        return [(experiment, each.evidence) for each in (recorded, *measured)]
    if kind == "topology":
        job = services.shared.request(TopologyInspectJob(topology=key), VISITOR)
        return [(experiment, wait_for_result(job, services))]
    if kind == "claim":
        experiments = [at_seed(experiment, experiment.training.seed + i) for i in range(SEEDS)]
        if reason := CLAIMS[key].inapplicable_reason(experiment):
            raise NotMeasured(f"Claim {key} is not applicable here, because {reason}.")
        jobs = [services.shared.request(ClaimJob.of(CLAIMS[key], one), VISITOR) for one in experiments]
        return [(one, wait_for_result(job, services)) for one, job in zip(experiments, jobs, strict=True)]
    if kind == "gradients":
        return _gradients(experiment, services)
    several = with_seeds(experiment, SEEDS)
    run: Run = wait_for_result(services.runs.train_aside(several, VISITOR).job, services)
    seeds = range(experiment.training.seed, experiment.training.seed + SEEDS)
    rows = [[epoch for epoch in run.epochs if epoch.seed == seed] for seed in seeds]
    if not all(rows):
        raise NotMeasured(run.stopped or "Not every seed was trained.")
    return [(at_seed(experiment, seed), row) for seed, row in zip(seeds, rows, strict=True)]


def _gradients(experiment: Experiment, services: Services) -> Measurements:
    """The gradients of the heads for each of the seeds, with the experiment of that seed."""
    experiments = [at_seed(experiment, experiment.training.seed + i) for i in range(SEEDS)]
    jobs = [GradientsJob.of(each) for each in experiments]
    if reason := jobs[0].refusal():
        raise NotMeasured(reason)
    running = [services.shared.request(job, f"{VISITOR}.{i}") for i, job in enumerate(jobs)]
    return [(one, wait_for_result(job, services)) for one, job in zip(experiments, running, strict=True)]


def wait_for_result(job: Job, services: Services) -> Any:
    """The result of the job once it has ended. Raises NotMeasured."""
    view = services.jobs.wait(job, _PATIENCE)
    if view.state != "finished":
        raise NotMeasured(view.message or f"It was not measured within {about(_PATIENCE)}.")
    return view.result


def with_seeds(experiment: Experiment, seeds: int) -> Experiment:
    """The experiment with so many seeds."""
    return experiment.model_copy(update={"training": experiment.training.model_copy(update={"seeds": seeds})})


def at_seed(experiment: Experiment, seed: int) -> Experiment:
    """The experiment with that seed alone."""
    training = experiment.training.model_copy(update={"seed": seed, "seeds": 1})
    return experiment.model_copy(update={"training": training})
