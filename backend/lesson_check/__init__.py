"""Checks lessons by experiment: `python -m backend.lesson_check [folder …]`, which is `make lesson-check`.

Runs, gradients and claims are measured on five seeds. A step fails unless exactly the tests of its right options hold:
with the seeds, with their median, and in the run that the class sees. It fails if a test says nothing or is of what the
step does not show (`form`), if a number of its texts is not the measured one (`texts`), or if the results of a room
would not be ready while people think and discuss. All other faults are found when a lesson is read; its other steps are
measured. Without a folder, this checks the lessons of Two Heads and those of `TWOHEADS_LESSONS`; with folders, only the
lessons in them.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backend.config.environment import settings
from backend.config.settings import Settings
from backend.experiment.sides import titles_of
from backend.lesson_check import form, known
from backend.lesson_check.holding import Judge
from backend.lesson_check.known import Numbers
from backend.lesson_check.measurements import Measurements, NotMeasured, measured, measurements_of, sources_of
from backend.lessons import Lesson, Shelf, Step, load, scripts
from backend.lessons.answers import LETTERS
from backend.lessons.figure import Source
from backend.lessons.library import SHIPPED
from backend.questions.mistakes import Mistake, MistakeVerdict
from backend.questions.mistakes.job import MistakeJob
from backend.rooms.model import MOST_PARTICIPANTS
from backend.services import Services, serving
from backend.training.duration import DurationEstimator
from backend.words import about, counted

#: With fewer questions, nothing is said of a position. A count may be above chance by this many standard deviations.
_FEWEST, _DEVIATIONS = 8, 2


@dataclass(frozen=True)
class Finding:
    """What the check found about a step: `faults` is empty if the step holds. `testable` are tests that hold there.

    `notes` are warnings and what nothing was compared with.
    """

    lesson: Lesson
    step: Step
    measured: str = ""
    faults: tuple[str, ...] = ()
    testable: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The finding as the check prints it."""
        where = f"{self.lesson.file}:{self.step.line}: {self.step.id}"
        lines = [f"✗ {where}: {fault}" for fault in self.faults]
        tests = [f"    can be tested: {'; '.join(self.testable)}"] if self.testable else []
        said = f"measured: {self.measured}" if lines else f"✓ {where}: {self.measured or 'nothing is measured'}"
        lines += [f"    {said}" if lines else said] if self.measured or not lines else []
        return [*lines, *(f"    note: {note}" for note in self.notes), *tests]


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
    faults = form.faults(step)
    measurements: dict[Source, Measurements] = {}
    for source in sources_of(step):
        try:
            measurements[source] = measurements_of(source, step.experiment, services)
        except NotMeasured as error:
            if source in step.sources:
                return Finding(lesson, step, faults=(*(sentence for _, sentence in faults), str(error)))
    judge = Judge(step, measurements)
    faults += judge.faults([text for text, _ in faults])
    figures = list(known.figures(step, measurements))
    numbers = Numbers(judge, figures)
    numbers.compare([text for text, _ in faults])
    words = judge.words(step.expected.tests) if step.expected else ""
    if step.experiment.other is not None:
        left, right = titles_of(step.experiment)
        words = f"{left} on the left, {right} on the right: {words}"
    untested = [f"“{option.text}” is not tested: {option.untested}" for option in step.options if option.untested]
    others = dict.fromkeys(number.text for number in numbers.others)
    compared = [f"nothing compares these numbers of Why: {', '.join(others)}"] if others else []
    notes = [*dict.fromkeys(judge.few()), *untested, *compared]
    testable = tuple(filter(None, (each.test for each in figures)))
    sentences = (*(sentence for _, sentence in faults), *numbers.faults)
    return Finding(lesson, step, words, sentences, testable, tuple(notes))


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
    lessons = [*shelf.lessons, *shelf.rests]
    faults, steps = len(shelf.errors), [step for lesson in lessons for step in lesson.steps]
    with tempfile.TemporaryDirectory() as folder:
        services = Services.build(config.model_copy(update={"state_dir": Path(folder), "database_url": None}))
        with serving(services):
            if steps:  # workers are started only if there is something to measure
                services.jobs.start()
            try:
                for finding in check(lessons, services):
                    print("\n".join(finding.lines), flush=True)
                    faults += len(finding.faults)
            finally:
                services.close()
    if not steps and not faults:
        print("✗ There is no lesson here: a lesson is a file whose name ends in .md, right in the folder.", flush=True)
        faults += 1
    print("\n".join(positions(steps)))
    counts = (len(lessons), len(steps), faults)
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
