"""A lesson as a notebook: the parts of each question in their order, and code that runs in plain Keras."""

from __future__ import annotations

import nbformat
import pytest

from backend.lessons.library import SHIPPED, load
from backend.lessons.notebook import notebook
from backend.lessons.parser import parse
from tests.builders import fresh_python

LESSONS = {lesson.id: lesson for lesson in load(SHIPPED).lessons}


def letters(step):
    """The letters of the right options."""
    return "".join("ABCDEF"[i] for i in step.right_options)


def cells(lesson):
    read = nbformat.reads(notebook(lesson), as_version=4)
    nbformat.validate(read)
    return read.cells


def parts(lesson):
    """The cells of each question; the first ones, before any question, are left out."""
    found = []
    for cell in cells(lesson):
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            found.append([])
        if found:
            found[-1].append(cell)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS.values(), ids=list(LESSONS))
def test_a_prediction_comes_before_the_experiment_and_the_answer_after_it(lesson):
    asked = parts(lesson)
    assert len(asked) == len(lesson.steps)
    for step, (question, prediction, *rest) in zip(lesson.steps, asked, strict=True):
        assert all(option.text in question.source for option in step.options)
        assert prediction.source.startswith("prediction = ")
        code = [cell.source for cell in rest if cell.cell_type == "code"]
        for source in code:
            compile(source, step.id, "exec")
        *_, compared = code
        assert compared.startswith(f"right = {letters(step)!r}")
        before = [question.source, prediction.source]
        assert not step.why or not any(step.why in text for text in before)
    assert notebook(lesson) == notebook(lesson)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "first"), [("only-functional", 2), *(pytest.param(key, 9, marks=pytest.mark.soak) for key in LESSONS)],
)  # fmt: skip
def test_the_cells_run_in_a_plain_interpreter(key, first):
    lesson = LESSONS[key]
    for step, asked in [*zip(lesson.steps, parts(lesson), strict=True)][:first]:
        code = [cell.source for cell in asked if cell.cell_type == "code"]
        right = letters(step)
        cells = [f"prediction = {right!r}", *code[1:]]
        printed = fresh_python.printed(_cell_by_cell(cells))
        assert f"You predicted: {right} ✓" in printed


def _cell_by_cell(cells):
    """A script that executes each cell by itself, as Jupyter does, and goes on after an exception."""
    lines = ["names = {}", f"for cell in {cells!r}:"]
    lines += ["    try:", "        exec(compile(cell, 'cell', 'exec'), names)"]
    lines += ["    except Exception as error:", "        print(type(error).__name__, error)"]
    return "\n".join(lines)


_KINDS = """\
---
id: kinds
title: Kinds
minutes: 9
---

## Several {#several}

```step
page: compare
show: [code]
ask: {answer: several}
expect: "parameters = 4762"
```

Which?

- [x] One
- [ ] Two
- [x] Three

## A number {#number}

```step
page: compare
show: [parameters]
ask: {answer: number}
expect: "parameters = 4762"
```

How many?

- [x] 4762 ± 10
- [ ] 4000

## A number with round-off {#round}

```step
page: compare
show: [parameters]
ask: {answer: number}
expect: "parameters = 4762"
```

How many?

- [x] 0.7 ± 0.1
- [ ] 4000
"""


@pytest.mark.parametrize(
    ("predictions", "marks"),
    [
        (('"ca"', "4770", "0.8"), "✓✓✓"), (('"A, C"', "4752", "0.6"), "✓✓✓"), (('"a"', "4773", "0.81"), "✗✗✗"),
        (('""', "None", "None"), "✗✗✗"),
    ],
)  # fmt: skip
def test_several_options_and_a_number_are_compared(predictions, marks, capsys):
    asked = parts(parse(_KINDS))
    assert "4762" not in asked[1][0].source
    for prediction, question in zip(predictions, asked, strict=True):
        exec(f"prediction = {prediction}\n{[cell.source for cell in question if cell.cell_type == 'code'][-1]}", {})
    assert "".join(sign for sign in capsys.readouterr().out if sign in "✓✗") == marks
