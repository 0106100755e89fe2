"""What the check says of a step besides its tests: what the page will show, and what can be tested there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from backend.experiment import Experiment
from backend.lab.compass import DEFAULT_METHODS
from backend.lab.compass import steps as compass_steps
from backend.lab.presets import PRESETS
from backend.lab.words import effect
from backend.lessons import findings
from backend.lessons.figure import SEPARATOR, Figure, Source
from backend.lessons.figures import FIGURES
from backend.lessons.lesson import Step
from backend.questions.claims import CLAIMS
from backend.questions.claims.base import badge
from backend.questions.lab import QUESTIONS
from backend.questions.lab.pictures import PICTURES
from backend.questions.mistakes import Mistake
from backend.questions.pictures import Bars, Picture, Spread, Table
from backend.training.finding import answer
from backend.words import short

#: The result of a source for each seed, with the experiment of that seed.
Measurements = Sequence[tuple[Experiment, Any]]
#: The most figures that are named for a step, and the most characters of a sentence.
_MOST_FIGURES, _LONGEST = 60, 600
#: The panels that show a part of a question of the Lab, by that question.
_PARTS = {"share_equal": "share", "share_hard": "share"}


def recorded_sources(step: Step) -> list[Source]:
    """What is recorded of the panels of a step on the Lab, whether or not a test reads it."""
    keys = [_PARTS.get(panel, panel) for panel in (*step.block.before, *step.block.show)]
    return [("question", key) for key in keys if step.block.page == "lab" and key in QUESTIONS]


def shown(step: Step, measured: Mapping[Source, Measurements]) -> list[str]:
    """What the page will say and draw, in words, as far as it was measured. Plain text."""
    return [_plain(line) for line in _shown(step, measured) if line]


def _shown(step: Step, measured: Mapping[Source, Measurements]) -> Iterator[str]:
    page = step.block.page
    if page == "lab":
        for panel in (*step.block.before, *step.block.show):
            yield from _lab(panel, measured)
    elif page == "train":
        rows = measured.get(("run", ""), ())
        epochs = [epoch for _, row in rows for epoch in row]
        yield findings.of_run(step, epochs)
        if rows and "answer" in step.block.show:
            yield answer(rows[0][0], rows[0][1])
    elif page == "compare":
        yield findings.of_networks(step)
    for (kind, key), results in measured.items():
        experiment, result = results[0]
        if kind == "claim":
            found = CLAIMS[key].judge(experiment, result)
            yield f"claim {key}, {badge(CLAIMS[key], found)}: {found.finding}"
        if kind == "topology":
            error = (result.error or "").strip().splitlines()
            yield f"topology {key}: Sequential {'builds the nearest model' if not error else f'fails: {error[-1]}'}"


def _lab(panel: str, measured: Mapping[Source, Measurements]) -> Iterator[str]:
    key = _PARTS.get(panel, panel)
    if key in QUESTIONS:
        for _, evidence in measured.get(("question", key), ())[:1]:
            found = QUESTIONS[key].judge(evidence)
            yield f"question {key}, its answer: {found.answer or 'none of the options'}"
            yield found.finding
            yield from _picture(PICTURES[key](evidence))
        return
    preset = panel.removesuffix("_mean").removesuffix("_methods")
    situation = PRESETS[preset].situation.possible()
    methods = ("mean",) if panel.endswith("_mean") else DEFAULT_METHODS
    for step in compass_steps(situation, methods):
        yield f"{step.title}: {''.join(part.text for part in effect(step, situation.heads))}"


def _picture(picture: Picture) -> Iterator[str]:
    """The rows of a picture in words: an author sees which row an option is about."""
    if isinstance(picture, Spread):
        for row in picture.rows:
            if row.low is None or row.high is None:
                yield f"{row.label}: no interval"
            else:
                beside = f"{picture.reference.name} is {short(picture.reference.value, 3)}"
                yield f"{row.label}: {short(row.low, 3)} to {short(row.high, 3)} ({beside})"
    elif isinstance(picture, Bars):
        yield from (f"{bar.label}: {bar.text}" for bar in picture.bars if bar.text)
    elif isinstance(picture, Table):
        yield from (", ".join(f"{name} {cell}" for name, cell in row.items()) for row in picture.rows)


def testable(step: Step, measured: Mapping[Source, Measurements]) -> list[str]:
    """The tests that hold for what the step has measured: conditions and numbers that an `expect` can name."""
    found = []
    situations = {panel.removesuffix("_mean").removesuffix("_methods") for panel in step.block.show}
    for figure in FIGURES.values():
        for argument in _arguments(figure):
            source = figure.source(argument)
            if figure.kind == "compass" and argument.split(SEPARATOR)[0] in situations:
                results: Measurements = [(step.experiment, None)]
            else:
                results = measured.get(source, ())
            if results:
                found.append(_holding(figure, argument, results))
    return list(filter(None, found))[:_MOST_FIGURES]


def _arguments(figure: Figure) -> Iterator[str]:
    if figure.kind == "compass":
        for situation in figure.takes[0].known:
            yield from (f"{situation}{SEPARATOR}{method}" for method in DEFAULT_METHODS)
    else:
        yield from (SEPARATOR.join(each) for each in product(*(argument.known for argument in figure.takes)))


def _holding(figure: Figure, argument: str, results: Measurements) -> str:
    """A test of the figure that holds; empty if it has no value here."""
    name = f"{figure.name}({argument})" if argument else figure.name
    try:
        values = [figure.measure(experiment, result, argument) for experiment, result in results]
    except (KeyError, ValueError, AttributeError, StopIteration, IndexError, ArithmeticError):
        return ""  # this evidence does not have it
    words = {value for value in values if isinstance(value, str)}
    if words:
        return f"{name} = {words.pop()}" if len(words) == 1 else ""
    numbers = [float(value) for value in values]
    low, high = min(numbers), max(numbers)
    if not all(map(math.isfinite, numbers)):
        return ""
    if low == high:
        return f"{name} = {_number(low, None)}"
    return f"{name} in {_number(low, math.floor)}..{_number(high, math.ceil)}"


def _number(value: float, rounded: Callable[[float], int] | None) -> str:
    """The number as an `expect` has it: exact, or with four digits, rounded so that the range still has it."""
    if rounded is not None and value:
        power = 3 - math.floor(math.log10(abs(value)))
        value = rounded(value * 10.0**power) / 10.0**power
    return f"{value:.12g}".replace("e+", "e")


def of_mistake(mistake: Mistake, finding: str) -> list[str]:
    """What the page says of a mistake."""
    return [_plain(f"{mistake.symptom} {finding}")]


def _plain(text: str) -> str:
    text = " ".join(text.replace("**", "").replace("`", "").split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
