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
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from statistics import median

from backend.config.environment import settings
from backend.config.settings import Settings
from backend.experiment.sides import titles_of
from backend.lesson_check.measurements import Measurements, NotMeasured, measured, measurements_of
from backend.lessons import Lesson, Shelf, Step, load, scripts
from backend.lessons.answers import LETTERS
from backend.lessons.figure import SEPARATOR, Figure, Source
from backend.lessons.figures import FIGURES
from backend.lessons.library import SHIPPED
from backend.questions.mistakes import Mistake, MistakeVerdict
from backend.questions.mistakes.job import MistakeJob
from backend.rooms.model import MOST_PARTICIPANTS
from backend.services import Services, serving
from backend.training.duration import DurationEstimator
from backend.words import about, counted, short

#: With fewer questions, nothing is said of a position. A count may be above chance by this many standard deviations.
_FEWEST, _DEVIATIONS = 8, 2


@dataclass(frozen=True)
class Finding:
    """What the check found about a step: `faults` is empty if the step holds. `testable` are tests that hold there."""

    lesson: Lesson
    step: Step
    measured: str = ""
    faults: tuple[str, ...] = ()
    testable: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The finding as the check prints it."""
        where = f"{self.lesson.file}:{self.step.line}: {self.step.id}"
        lines = [f"✗ {where}: {fault}" for fault in self.faults]
        tests = [f"    can be tested: {'; '.join(self.testable)}"] if self.testable else []
        return [*(lines or [f"✓ {where}: {self.measured or 'nothing is measured'}"]), *tests]


def check(lessons: Iterable[Lesson], services: Services) -> Iterator[Finding]:
    """Measure each step on the workers of `services`, which are started."""
    for lesson in lessons:
        for step in lesson.steps:
            try:
                found = (_mistake if step.block.page == "mistake" else _measure)(lesson, step, services)
            except NotMeasured as error:
                found = Finding(lesson, step, faults=(str(error),))
            more = lateness(step, services.config)
            yield replace(found, faults=(*found.faults, *more))


def _measure(lesson: Lesson, step: Step, services: Services) -> Finding:
    """What was measured, what contradicts the ticked options, and what can be tested."""
    measurements = {source: measurements_of(source, step.experiment, services) for source in step.sources}
    faults, measured_words = [], ""
    for text, right, expected in [
        (step.ticked, True, step.expected), *((each.text, each.right, each.expected) for each in step.options)
    ]:  # fmt: skip
        if expected is None:
            continue
        found = [(test, test.values(measurements[test.source])) for test in expected.tests]
        words = "; ".join(f"{test.name} is {test.measured(values)}" for test, values in found)
        measured_words = measured_words or words
        if all(test.holds(values) for test, values in found) != right:
            ticked, but = ("", "but") if right else ("not ", "and that holds:")
            faults.append(f"“{text}” is {ticked}ticked and expects {expected.text}, {but} {words}.")
    if step.kind == "number" and step.expected:
        test = step.expected.tests[0]
        values = test.values(measurements[test.source])
        numbers = [value for value in values if isinstance(value, float) and math.isfinite(value)]
        if not numbers or step.answer_of(median(numbers)) != step.right:
            middle = short(median(numbers), 4) if numbers else "no number"
            faults.append(f"“{step.ticked}” is ticked, but {test.read} is {middle}: its first test has to read it.")
    if step.experiment.other is not None:
        left, right_title = titles_of(step.experiment)
        measured_words = f"{left} on the left, {right_title} on the right: {measured_words}"
    return Finding(lesson, step, measured_words, tuple(faults), tuple(_testable(step, measurements)))


def _testable(step: Step, measurements: dict[Source, Measurements]) -> Iterator[str]:
    """A test that holds for each figure of what the step has measured."""
    heads = [head.name for head in step.experiment.architecture.heads]
    for figure in FIGURES.values():
        for given in product(*([""] * each.optional + [*(each.known or heads)] for each in figure.takes)):
            argument = SEPARATOR.join(filter(None, given))
            if test := _holding(figure, argument, measurements.get(figure.source(argument), [])):
                yield test


def _holding(figure: Figure, argument: str, results: Measurements) -> str:
    """A test of the figure that holds; empty if it has no value here. Rounded bounds still contain the values."""
    name = figure.with_argument(argument)
    try:
        values = {figure.measure(experiment, result, argument) for experiment, result in results}
    except (LookupError, ValueError, AttributeError, StopIteration, ArithmeticError):
        return ""  # this evidence does not have it
    if figure.words:
        return f"{name} = {values.pop()}" if len(values) == 1 else ""
    numbers = [*map(float, values)]
    if not numbers or not all(map(math.isfinite, numbers)):
        return ""
    low, high, slack = min(numbers), max(numbers), max(map(abs, numbers)) / 1000
    return f"{name} = {low:.12g}" if low == high else f"{name} in {low - slack:.5g}..{high + slack:.5g}"


def _mistake(lesson: Lesson, step: Step, services: Services) -> Finding:
    """What the scripts of a mistake show, and the faults: an answer that is not ticked, a script not mended."""
    folder, allowed = Path(lesson.folder) if lesson.folder else None, services.config.lessons_scripts
    mistake, reason = scripts.find(step, folder, allowed)
    if mistake is None:
        raise NotMeasured(reason)
    verdict = mistake.verdict(measured(MistakeJob.on(mistake), services))
    faults = [*faults_of_mistake(mistake, verdict), *filter(None, [scripts.missing_lines(step.block, mistake)])]
    return Finding(lesson, step, verdict.answer or "", tuple(faults))


def faults_of_mistake(mistake: Mistake, verdict: MistakeVerdict) -> list[str]:
    """A sentence if Keras gives another answer than the ticked one, and one if the corrected script is not correct."""
    gives = (
        f"Keras gives “{verdict.answer}”" if verdict.answer else f"the first script shows no option. {verdict.finding}"
    )
    faults = [] if verdict.happens else [f"“{mistake.ticked}” is ticked, but {gives.rstrip('.')}."]
    return faults + ([] if verdict.mended else [f"The corrected script is not correct: {verdict.mended_finding}"])


def lateness(step: Step, config: Settings) -> list[str]:
    """A sentence if the results of a room with as many participants as the operator says would not be ready in time.

    The participants' seeds are shared out among the workers, and each worker compiles the networks once.
    """
    if step.block.run == "none":
        return []
    workers, participants = config.workers, config.lessons_participants
    of_class = step.block.run == "seed"
    seeds = math.ceil(participants / workers) if of_class else step.experiment.training.seeds
    seconds = DurationEstimator().seconds(step.experiment.with_training(seeds=seeds))
    available = step.block.ask.think + step.block.ask.discuss
    if seconds <= available:
        return []
    who = f"The runs of {counted(participants, 'participant')}" if of_class else "The run"
    return [
        f"{who} would take {about(seconds)} on {counted(workers, 'worker')}, but the room thinks and discusses for "
        f"{available} seconds."
    ]


def positions(steps: Iterable[Step]) -> list[str]:
    """How often each position is right, and a sentence for each that is right far more often than by chance.

    Only questions with one right option count, and of these only those whose options are not shuffled.
    """
    asked = [step for step in steps if step.kind == "one" and not step.block.ask.shuffle]
    right = sorted(Counter(step.right for step in asked).items())
    said = ["Right answers by position: " + ", ".join(f"{LETTERS[i]} {count}" for i, count in right)]
    for i, count in right if len(asked) >= _FEWEST else ():
        chances = [(i < len(step.options)) / len(step.options) for step in asked]
        if count - sum(chances) > _DEVIATIONS * math.sqrt(sum(p * (1 - p) for p in chances)):
            said.append(
                f"{LETTERS[i]} is right in {count} of {len(asked)} questions, and by chance it would be in about "
                f"{sum(chances):.0f}. Change the order of some options, or write “shuffle: true” in `ask`."
            )
    return said


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
                for finding in check(shelf.lessons, services):
                    print("\n".join(finding.lines), flush=True)
                    faults += len(finding.faults)
            finally:
                services.close()
    if not steps and not faults:
        print("✗ There is no lesson here: a lesson is a file whose name ends in .md, right in the folder.", flush=True)
        faults += 1
    print("\n".join(positions(steps)))
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
    folders = given.folders or [SHIPPED, *([config.lessons] if config.lessons else [])]
    return 0 if report(load(*folders), config.model_copy(update={"lessons_participants": given.participants})) else 1
