"""Checks lessons by experiment: `python -m backend.lesson_check [folder …]`, which is `make lesson-check`.

Each step's experiment runs on five seeds. The step fails if the measurement contradicts its `expect`, or if the
`expect` of a wrong option holds. The words of options are not read. A step also fails if the results of a room would
not be ready while it thinks and discusses, or if it still has a text that Share writes as a placeholder. Every other
fault is found when a lesson is read. Without a folder, this checks the lessons of Two Heads and those of
`TWOHEADS_LESSONS`; with folders, only the lessons in them.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from backend.claims import CLAIMS
from backend.claims.job import ClaimJob
from backend.config.environment import settings
from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.sides import side_keys, side_titles
from backend.jobs import Job
from backend.lab.gradients_job import GradientsJob
from backend.lab.job import QuestionJob
from backend.lab.questions import QUESTIONS
from backend.lab.recorded import recorded_evidence
from backend.lessons import Lesson, Shelf, Step, load
from backend.lessons.expect import Expectation
from backend.lessons.figure import Source, Value
from backend.lessons.library import SHIPPED
from backend.lessons.writer import unwritten_sentences
from backend.mistakes import MISTAKES, Mistake, Verdict
from backend.mistakes.job import MistakeJob
from backend.services import Services, serving
from backend.topologies.job import TopologyInspectJob
from backend.training.duration import DurationEstimator
from backend.training.result import Run
from backend.words import about, counted

SEEDS = 5
#: The number of participants whose seeds a room must have time for.
ROOM = 30
_VISITOR = "lesson-check"
_PATIENCE = 300.0
#: The most seconds on an idle core for all questions of the Lab that are measured again.
_AGAIN_SECONDS = 30.0
#: The result of a source for each seed, with the experiment of that seed.
Measurements = list[tuple[Experiment, Any]]


@dataclass(frozen=True)
class Finding:
    """What the check found about a step: `faults` is empty if the step holds."""

    lesson: Lesson
    step: Step
    measured: str
    faults: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The finding as the check prints it."""
        where = f"{self.lesson.file}:{self.step.line}: {self.step.id}"
        if not self.faults:
            return [f"✓ {where}: {self.measured or 'nothing is measured'}"]
        return [f"✗ {where}: {fault}" for fault in self.faults]


class NotMeasured(RuntimeError):
    """A worker could not measure a step. The message is the reason, in a sentence."""


def check(lessons: Iterable[Lesson], services: Services, again: bool = True) -> Iterator[Finding]:
    """Measure each step on the workers of `services`, which are started.

    The results of the Lab are recorded. With `again`, the questions that take the least time are also measured here.
    """
    steps = [(lesson, step) for lesson in lessons for step in lesson.steps]
    remeasured = _quickest({key for _, step in steps for key in _questions(step)}) if again else frozenset()
    timed = [i for i, (_, step) in enumerate(steps) if ("claim", "speed") in step.sources]
    for i, (lesson, step) in enumerate(steps):
        if i == max(timed, default=-1) + 1:  # as soon as it can disturb no timing, so that no worker is idle
            for key in remeasured:
                _measure_question(key, services)
        faults = [*unwritten_sentences(step), *_lateness(step, services.config.workers)]
        try:
            measured, wrong = _measure(step, services, remeasured)
        except NotMeasured as error:
            measured, wrong = "", [str(error)]
        yield Finding(lesson, step, measured, (*wrong, *faults))


def _questions(step: Step) -> set[str]:
    """The questions of the Lab that the step's tests read."""
    return {key for kind, key in step.sources if kind == "question"}


def _quickest(questions: Iterable[str]) -> frozenset[str]:
    """The questions that take the least time, as many as there is time for."""
    seconds = {
        key: QUESTIONS[key].seconds(QUESTIONS[key].published[0]) for key in questions if QUESTIONS[key].published
    }
    ordered = sorted(seconds, key=seconds.__getitem__)
    known = zip(ordered, accumulate(seconds[key] for key in ordered), strict=True)
    return frozenset(key for key, in_all in known if in_all <= _AGAIN_SECONDS)


def _measure_question(key: str, services: Services) -> Job:
    """The job that measures the question here. A visitor has one running job, so each question has its own."""
    job = QuestionJob.of(QUESTIONS[key], QUESTIONS[key].published[0])
    return services.shared.request(job, f"{_VISITOR}.{key}")


def _measure(step: Step, services: Services, again: frozenset[str]) -> tuple[str, list[str]]:
    """What was measured, in words, and what contradicts the ticked option."""
    if step.block.page == "mistake":
        return _measure_mistake(step, services)
    if step.expected is None:
        return "", []
    measurements = {source: _measurements_of(source, step.experiment, services, again) for source in step.sources}
    results = _test_results(step.expected, measurements)
    faults = [
        f"“{step.ticked.text}” is ticked and expects {step.expected.text}, but {words}."
        for words, holds in results
        if not holds
    ]
    for option in step.options:
        other_results = _test_results(option.expected, measurements) if option.expected else []
        if other_results and all(holds for _, holds in other_results):
            words = "; ".join(words for words, _ in other_results)
            faults.append(f"“{option.text}” is not ticked and expects {option.expect}, and that holds: {words}.")
    measured = "; ".join(words for words, _ in results)
    if step.experiment.other is not None:
        left, right = side_titles(*side_keys(step.experiment))
        measured = f"{left} on the left, {right} on the right: {measured}"
    return measured, faults


def _test_results(expected: Expectation, measurements: Mapping[Source, Measurements]) -> list[tuple[str, bool]]:
    """What was measured for each of the tests, in words, and whether it holds."""
    results = []
    for test in expected.tests:
        values: list[Value] = [
            test.figure.measure(experiment, result, test.argument) for experiment, result in measurements[test.source]
        ]
        words = f"{test.name} is {test.measured(values)}"
        results.append((words, test.holds(values)))
    return results


def _measure_mistake(step: Step, services: Services) -> tuple[str, list[str]]:
    """What the scripts of a mistake show, and the faults: an answer that is not ticked, a script not mended."""
    mistake = MISTAKES[step.block.show[0]]
    verdict = mistake.judge(_wait_for_result(services.shared.request(MistakeJob.of(mistake), _VISITOR), services))
    return verdict.answer or "", _faults_of_mistake(mistake, verdict)


def _faults_of_mistake(mistake: Mistake[Any], verdict: Verdict) -> list[str]:
    faults = [] if verdict.happens else [f"“{mistake.ticked}” is ticked, but Keras gives “{verdict.answer}”."]
    return faults + ([] if verdict.mended else [f"The corrected script is not correct: {verdict.mended_finding}"])


def _measurements_of(source: Source, experiment: Experiment, services: Services, again: frozenset[str]) -> Measurements:
    """The result of a source for each of the seeds, with the experiment of that seed.

    A question of the Lab gives its recorded evidence, and the evidence measured here if it is one of `again`.
    """
    kind, key = source
    if kind == "compass":
        return [(experiment, None)]
    if kind == "question":
        question = QUESTIONS[key]
        recorded = recorded_evidence(key, question.published[0]) if question.published else None
        if recorded is None:
            raise NotMeasured(f"Nothing is recorded for the question {key}.")
        measured = [_wait_for_result(_measure_question(key, services), services)] if key in again else []
        return [(experiment, each.evidence) for each in (recorded, *measured)]
    if kind == "topology":
        job = services.shared.request(TopologyInspectJob(topology=key), _VISITOR)
        return [(experiment, _wait_for_result(job, services))]
    if kind == "claim":
        experiments = [_at_seed(experiment, experiment.training.seed + i) for i in range(SEEDS)]
        if reason := CLAIMS[key].inapplicable_reason(experiment):
            raise NotMeasured(f"Claim {key} is not applicable here, because {reason}.")
        jobs = [services.shared.request(ClaimJob.of(CLAIMS[key], one), _VISITOR) for one in experiments]
        return [(one, _wait_for_result(job, services)) for one, job in zip(experiments, jobs, strict=True)]
    if kind == "gradients":
        return _gradients(experiment, services)
    several = _with_seeds(experiment, SEEDS)
    run: Run = _wait_for_result(services.runs.train_aside(several, _VISITOR).job, services)
    seeds = range(experiment.training.seed, experiment.training.seed + SEEDS)
    rows = [[epoch for epoch in run.epochs if epoch.seed == seed] for seed in seeds]
    if not all(rows):
        raise NotMeasured(run.stopped or "Not every seed was trained.")
    return [(_at_seed(experiment, seed), row) for seed, row in zip(seeds, rows, strict=True)]


def _gradients(experiment: Experiment, services: Services) -> Measurements:
    """The gradients of the heads for each of the seeds, with the experiment of that seed."""
    experiments = [_at_seed(experiment, experiment.training.seed + i) for i in range(SEEDS)]
    jobs = [GradientsJob.of(each) for each in experiments]
    if reason := jobs[0].refusal():
        raise NotMeasured(reason)
    running = [services.shared.request(job, f"{_VISITOR}.{i}") for i, job in enumerate(jobs)]
    return [(one, _wait_for_result(job, services)) for one, job in zip(experiments, running, strict=True)]


def _wait_for_result(job: Job, services: Services) -> Any:
    view = services.jobs.wait(job, _PATIENCE)
    if view.state != "finished":
        raise NotMeasured(view.message or f"It was not measured within {about(_PATIENCE)}.")
    return view.result


def _with_seeds(experiment: Experiment, seeds: int) -> Experiment:
    return experiment.model_copy(update={"training": experiment.training.model_copy(update={"seeds": seeds})})


def _at_seed(experiment: Experiment, seed: int) -> Experiment:
    training = experiment.training.model_copy(update={"seed": seed, "seeds": 1})
    return experiment.model_copy(update={"training": training})


def _lateness(step: Step, workers: int) -> list[str]:
    """A sentence if a room's results would not be ready in time.

    The participants' seeds are shared out among the workers, and each worker compiles the networks once.
    """
    if step.block.run == "none":
        return []
    seeds = math.ceil(ROOM / workers) if step.block.run == "seed" else step.experiment.training.seeds
    seconds = DurationEstimator().seconds(_with_seeds(step.experiment, seeds))
    available = step.block.ask.think + step.block.ask.discuss
    if seconds <= available:
        return []
    who = f"The runs of {ROOM} participants" if step.block.run == "seed" else "The run"
    on = f"{workers} workers" if workers > 1 else "one worker"
    return [f"{who} would take {about(seconds)} on {on}, but the room thinks and discusses for {available} seconds."]


def report(shelves: Sequence[Shelf], config: Settings) -> bool:
    """Check these lessons and print each finding. Returns whether all is well."""
    errors = [error for shelf in shelves for error in shelf.errors]
    for error in errors:
        print(f"✗ {error.sentence}", flush=True)
    if unread := sum(len({error.file for error in shelf.errors if error.file.endswith(".md")}) for shelf in shelves):
        print(f"Not measured, because of these faults: {counted(unread, 'file')}.", flush=True)
    lessons = [lesson for shelf in shelves for lesson in shelf.lessons]
    faults = len(errors)
    with tempfile.TemporaryDirectory() as folder:
        # Workers are started only if there is something to measure.
        services = Services.build(config.model_copy(update={"state_dir": Path(folder), "database_url": None}))
        with serving(services):
            if lessons:
                services.jobs.start()
            try:
                for finding in check(lessons, services):
                    print("\n".join(finding.lines), flush=True)
                    faults += len(finding.faults)
            finally:
                services.close()
    if not lessons and not errors:
        print("✗ There is no lesson here: a lesson is a file whose name ends in .md, right in the folder.", flush=True)
        faults += 1
    steps = sum(len(lesson.steps) for lesson in lessons)
    print(", ".join(map(counted, (len(lessons), steps, faults), ("lesson", "step", "fault"))), flush=True)
    return not faults


def main(arguments: Sequence[str]) -> int:
    """The exit status: 0 if all lessons hold, else 1."""
    config = settings()
    own = [config.lessons] if config.lessons else []
    folders = [Path(argument) for argument in arguments] or [SHIPPED, *own]
    return 0 if report([load(folder) for folder in folders], config) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
