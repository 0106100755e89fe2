"""One sentence on what was measured of a step."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from statistics import median

from backend.experiment import Experiment
from backend.experiment.sides import titles_of
from backend.lab import words
from backend.lab.compass import steps
from backend.lab.presets import PRESETS
from backend.lessons.figure import SEPARATOR, Figure
from backend.lessons.figures import WITHOUT
from backend.lessons.lesson import Step
from backend.training.result import SIDES, Epoch
from backend.words import counted, listed, short

#: The end of a figure's description: it names the last epoch, and gives details.
_END = re.compile(r",? after the last epoch")
#: The part of a figure's description that compares both sides.
_OF_BOTH = re.compile(r"the right style's (.+?) divided by the left one's")


def in_words(figure: Figure, experiment: Experiment, argument: str = "") -> str:
    """What a figure is, with the names of the sides and of the head, and for any epoch."""
    left, right = titles_of(experiment)
    says, without, _ = figure.says.partition(f"; {WITHOUT}")
    if without and not experiment.parts[1]:
        says = says.replace("validation loss", "training loss")
    says = _END.split(says)[0]
    for word in argument.split(SEPARATOR) if argument else ():
        if word in SIDES:
            says = says.replace("that side", left if word == SIDES[0] else right)
        elif "that head" in says:
            says = says.replace("that head", word)
        else:
            says = f"{says} (head {word})"
    if experiment.other is not None:  # of settings: "the total loss with Rate 0.03", and not "Rate 0.03's total loss"
        says = _OF_BOTH.sub(lambda found: f"the {found[1]} with {right} divided by that with {left}", says)
    return says.replace("the right style", right).replace("the left one", left).replace("the left style", left)


def of_run(step: Step, epochs: Sequence[Epoch]) -> str:
    """The first figure of the step's run: its value, or the median over the seeds; empty if no test reads the run."""
    tests = step.tests("run")
    if not tests or not epochs:
        return ""
    figure, argument = tests[0].figure, tests[0].argument
    rows = [[epoch for epoch in epochs if epoch.seed == seed] for seed in dict.fromkeys(e.seed for e in epochs)]
    values = [figure.measure(step.experiment, row, argument) for row in rows]
    name = in_words(figure, step.experiment, argument)
    numbers = [value for value in values if isinstance(value, float)]
    if not all(map(math.isfinite, numbers)):
        return f"The run gives no number for {name}."
    over = f" (the median of {counted(len(rows), 'seed')})" if len(rows) > 1 else ""
    said = short(median(numbers), 4) if len(numbers) == len(values) else listed(dict.fromkeys(values))
    return f"{name[0].upper()}{name[1:]} is {said}{over}."


def of_compass(step: Step, preset: str, methods: Sequence[str]) -> str:
    """What a method's step does to each head's loss in a situation of the compass.

    The method is the first one that the step's tests name besides the mean, else the first of `methods`.
    """
    tested = [test.argument.split(SEPARATOR)[-1] for test in step.tests("compass")]
    method = next((each for each in tested if each != "mean"), methods[0])
    situation = PRESETS[preset].situation.possible()
    parts = words.effect(steps(situation, [method])[0], situation.heads)
    return "".join(part.text for part in parts)


def sentences(text: str) -> list[str]:
    """The sentences of a text of ours in Markdown. A sentence that would end within bold text ends after it."""
    found: list[str] = []
    for part in re.split(r"(?:(?<=[.!?])|(?<=[.!?]\*\*))\s+", text.strip()):
        if found and found[-1].count("**") % 2:
            found[-1] += f" {part}"
        else:
            found.append(part)
    return found
