"""Checks lessons by experiment: `python -m backend.lesson_check [folder …]`, which is `make lesson-check`.

Runs, gradients and claims are measured on five seeds. A step fails if the measurement contradicts its `expect`, or if
the `expect` of a wrong option holds. A step also fails if the results of a room would not be ready while people think
and discuss, or if it still has a placeholder of Share. All other faults are found when a lesson is read. Without a
folder, this checks the lessons of Two Heads and those of `TWOHEADS_LESSONS`; with folders, only the lessons in them.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from backend.config.environment import settings
from backend.config.settings import Settings
from backend.experiment.sides import side_keys, side_titles
from backend.lesson_check.faults import ROOM, faults_of_mistake, lateness
from backend.lesson_check.measurements import Measurements, NotMeasured, measured, measurements_of
from backend.lesson_check.testable import recorded_sources, testable
from backend.lessons import Lesson, Shelf, Step, load, positions, scripts
from backend.lessons.expect import Expectation
from backend.lessons.figure import Source
from backend.lessons.library import SHIPPED
from backend.lessons.writer import unwritten_sentences
from backend.questions.mistakes.job import MistakeJob
from backend.rooms.model import MOST_PARTICIPANTS
from backend.services import Services, serving
from backend.words import counted, short


@dataclass(frozen=True)
class Finding:
    """What the check found about a step: `faults` is empty if the step holds. `testable` are tests that hold there."""

    lesson: Lesson
    step: Step
    measured: str
    faults: tuple[str, ...] = ()
    testable: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The finding as the check prints it."""
        where = f"{self.lesson.file}:{self.step.line}: {self.step.id}"
        lines = [f"✗ {where}: {fault}" for fault in self.faults]
        tests = [f"    can be tested: {'; '.join(self.testable)}"] if self.testable else []
        return [*(lines or [f"✓ {where}: {self.measured or 'nothing is measured'}"]), *tests]


def check(lessons: Iterable[Lesson], services: Services, participants: int = ROOM) -> Iterator[Finding]:
    """Measure each step on the workers of `services`, which are started. A room has so many participants."""
    for lesson in lessons:
        for step in lesson.steps:
            faults = [*unwritten_sentences(step), *lateness(step, services.config.workers, participants)]
            try:
                words, found, tests = _measure(lesson, step, services)
            except NotMeasured as error:
                words, found, tests = "", [str(error)], []
            yield Finding(lesson, step, words, (*found, *faults), tuple(tests))


def _measure(lesson: Lesson, step: Step, services: Services) -> tuple[str, list[str], list[str]]:
    """What was measured, in words, what contradicts the ticked options, and what can be tested."""
    if step.block.page == "mistake":
        return _measure_mistake(lesson, step, services)
    if step.expected is None:
        return "", [], []
    sources = dict.fromkeys((*step.sources, *recorded_sources(step)))
    measurements = {source: measurements_of(source, step.experiment, services) for source in sources}
    faults = []
    wanted = [(step.ticked, True, step.expected)]
    wanted += [(each.text, each.right, each.expected) for each in step.options if each.expected is not None]
    for text, right, expected in wanted:
        words, holds = _tested(expected, measurements)
        if holds != right:
            ticked, but = ("", "but") if right else ("not ", "and that holds:")
            faults.append(f"“{text}” is {ticked}ticked and expects {expected.text}, {but} {words}.")
    if step.kind == "number":
        faults += _number_faults(step, measurements)
    words, _ = _tested(step.expected, measurements)
    if step.experiment.other is not None:
        left, right_title = side_titles(*side_keys(step.experiment))
        words = f"{left} on the left, {right_title} on the right: {words}"
    return words, faults, testable(step, measurements)


def _number_faults(step: Step, measurements: Mapping[Source, Measurements]) -> list[str]:
    """A sentence if the median of what the first test reads is not in the range of the ticked number."""
    test = step.expected.tests[0] if step.expected else None
    if test is None or test.figure.words:
        return []
    values = [test.figure.measure(one, result, test.argument) for one, result in measurements[test.source]]
    numbers = [value for value in values if isinstance(value, float) and math.isfinite(value)]
    middle = median(numbers) if numbers else math.nan
    if numbers and step.answer_of(middle) == step.right:
        return []
    return [f"“{step.ticked}” is ticked, but {test.figure.name} is {short(middle, 4)}: its first test has to read it."]


def _tested(expected: Expectation, measurements: Mapping[Source, Measurements]) -> tuple[str, bool]:
    """What was measured for the tests, in words, and whether all of them hold."""
    words, holds = [], True
    for test in expected.tests:
        values = [
            test.figure.measure(experiment, result, test.argument) for experiment, result in measurements[test.source]
        ]
        words.append(f"{test.name} is {test.measured(values)}")
        holds = holds and test.holds(values)
    return "; ".join(words), holds


def _measure_mistake(lesson: Lesson, step: Step, services: Services) -> tuple[str, list[str], list[str]]:
    """What the scripts of a mistake show, and the faults: an answer that is not ticked, a script not mended."""
    folder, allowed = Path(lesson.folder) if lesson.folder else None, services.config.lessons_scripts
    if reason := scripts.refusal(step, folder, allowed):
        raise NotMeasured(reason)
    mistake = scripts.mistake_of(step, folder, allowed)
    assert mistake is not None
    verdict = mistake.verdict(measured(MistakeJob.on(mistake), services))
    return verdict.answer or "", faults_of_mistake(mistake, verdict), []


def report(shelf: Shelf, config: Settings) -> bool:
    """Check these lessons and print each finding. Returns whether all is well."""
    for error in shelf.errors:
        print(f"✗ {error.sentence}", flush=True)
    faults, steps = len(shelf.errors), [step for lesson in shelf.lessons for step in lesson.steps]
    with tempfile.TemporaryDirectory() as folder:
        services = Services.build(config.model_copy(update={"state_dir": Path(folder), "database_url": None}))
        with serving(services):
            if steps:  # workers are started only if there is something to measure
                services.jobs.start()
            try:
                for finding in check(shelf.lessons, services, config.lessons_participants):
                    print("\n".join(finding.lines), flush=True)
                    faults += len(finding.faults)
            finally:
                services.close()
    if not steps and not faults:
        print("✗ There is no lesson here: a lesson is a file whose name ends in .md, right in the folder.", flush=True)
        faults += 1
    for sentence in positions.sentences(steps):
        print(sentence, flush=True)
    counts = (len(shelf.lessons), len(steps), faults)
    print(", ".join(map(counted, counts, ("lesson", "step", "fault"))), flush=True)
    return not faults


def main(arguments: Sequence[str]) -> int:
    """Run the check with these arguments. Returns the exit status: 0 if all lessons hold, else 1."""
    config = settings()
    parser = argparse.ArgumentParser(prog="lesson-check", description="Measures what lessons say.")
    parser.add_argument("folders", nargs="*", type=Path, help="folders of lessons; without one, all lessons")
    parser.add_argument("--participants", type=int, default=config.lessons_participants, help="people in a room")
    given = parser.parse_args(arguments)
    if not 1 <= given.participants <= MOST_PARTICIPANTS:
        parser.error(f"--participants takes 1 to {MOST_PARTICIPANTS:,}")
    config = config.model_copy(update={"lessons_participants": given.participants})
    folders = given.folders or [SHIPPED, *([config.lessons] if config.lessons else [])]
    return 0 if report(load(*folders), config) else 1
