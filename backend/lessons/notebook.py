"""A lesson as a Jupyter notebook in plain Keras: predict in a cell, then run the experiment, and then compare."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

from nbformat import NotebookNode

from backend.lessons import answers
from backend.lessons.lesson import Lesson, Step
from backend.lessons.scripts import bundled
from backend.lessons.vocabulary import question_of
from backend.questions.claims import CLAIMS
from backend.questions.lab import QUESTIONS
from backend.questions.mistakes import MISTAKES
from backend.questions.topologies import TOPOLOGIES
from backend.scripts.notebooks import code, words, written
from backend.training.export.script import script

_HEAD = """\
# {title}

{summary}

Each question has three parts. Write your prediction into the first cell and run it. The next cells are the experiment,
in plain Keras. The last cell compares your prediction with what the lesson says. The notebook needs keras, tensorflow
and numpy. Some experiments train for minutes.
"""
_ATTEMPT = """\
try:
{attempt}
    print("Keras has built the model.")
except Exception as error:
    print(type(error).__name__, error, sep=": ")
"""

#: Compares the prediction with the letters of the right options, or with the range of the right numbers.
_COMPARED = """\
right = {right!r}
print("The lesson says:", right)
letters = set(prediction.upper()) - set(" ,")
print("You predicted:", prediction or "nothing", "✓" if letters == set(right) else "✗")
"""
_COMPARED_NUMBER = """\
low, high = {low:.12g}, {high:.12g}
print("The lesson says: between", low, "and", high)
print("You predicted:", prediction, "✓" if prediction is not None and low <= prediction <= high else "✗")
"""


def notebook(lesson: Lesson) -> str:
    """The lesson as nbformat 4 JSON. It contains the lesson's texts and scripts, and nothing of any visitor."""
    cells = [words(_HEAD.format(title=lesson.title, summary=lesson.summary).strip())]
    for number, step in enumerate(lesson.steps, 1):
        cells += _step(number, step)
    return written(cells)


def _step(number: int, step: Step) -> Iterator[NotebookNode]:
    mistake = bundled(step)
    options, predict, compared = _asked(step)
    script = [f"```python\n{mistake.broken.strip()}\n```", f"**{mistake.question}**"] if mistake else []
    yield words(_paragraphs(*filter(None, (f"## {number}. {step.title}", step.text, *script, options))))
    yield code(predict)
    if step.look:
        yield words(f"**Look.** {step.look}")
    yield from _experiment(step)
    yield code(compared, hidden=True)
    why = _paragraphs(*filter(None, (mistake.why if mistake else "", step.why)))
    if why:
        yield words(f"**Why.** {why}")


def _asked(step: Step) -> tuple[str, str, str]:
    """The options, a line of code for the prediction, and code that compares it with the right answer."""
    if step.kind == "number":
        low, high = answers.range_of(step.ticked) or (math.nan, math.nan)
        return "", "prediction = None  # a number", _COMPARED_NUMBER.format(low=low, high=high)
    letters = answers.LETTERS[: len(step.options)]
    options = "\n".join(f"- **{letter}** {each.text}" for letter, each in zip(letters, step.options, strict=True))
    right = "".join(letters[i] for i in step.right_options)
    which = "all that are right, such as AB" if step.kind == "several" else f"one of {', '.join(letters)}"
    return options, f'prediction = ""  # {which}', _COMPARED.format(right=right)


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(parts)


def _experiment(step: Step) -> Iterator[NotebookNode]:
    """The scripts of what the step shows."""
    page, shown = step.block.page, step.block.show
    if page == "mistake" and not step.shows_our_mistake:
        yield words(f"The scripts are beside the lesson's file: {' and '.join(step.block.scripts)}.")
    elif page == "mistake":
        mistake = MISTAKES[shown[0]]
        yield code(mistake.broken)
        yield words(mistake.remedy)
        yield code(mistake.mended)
    elif page == "train":
        yield code(script(step.experiment))
    elif page == "topologies":
        for key in shown:
            yield from _topology(key)
    elif page == "lab":
        yield from _lab(step)
    else:
        for key in shown if page == "claims" else [key for kind, key in step.sources if kind == "claim"]:
            yield code(CLAIMS[key].code(step.experiment))


def _topology(key: str) -> Iterator[NotebookNode]:
    topology = TOPOLOGIES[key]
    yield words("The nearest attempt with Sequential:")
    yield code(_ATTEMPT.format(attempt=textwrap.indent(topology.attempt.strip(), "    ")))
    yield words(topology.description)
    yield code(f"{topology.model.text.strip()}\nmodel.summary()")


def _lab(step: Step) -> Iterator[NotebookNode]:
    """The scripts of the questions that the step shows; its other panels are pictures of the page Lab."""
    keys = dict.fromkeys(filter(None, map(question_of, step.block.show)))
    for key in keys:
        question = QUESTIONS[key]
        yield words(f"{question.title} The script takes some minutes.")
        yield code(question.script(question.published[0] if question.published else question.settings()))
    if not keys:
        yield words("The page Lab has this picture: in the compass you move the gradients of the heads yourself.")
