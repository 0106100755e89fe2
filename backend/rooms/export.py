"""What a host takes home: all answers as CSV, and a notebook that recomputes each verdict from everybody's runs.

Neither contains who a visitor is: only numbers and aliases.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from backend.rooms.class_result import SeedRun, tests_of
from backend.rooms.model import RoomView
from backend.rooms.training import SHARED
from backend.statistics import CONFIDENCE

_COLUMNS = ("step", "round", "participant", "alias", "seed", "option", "answer", "sure", "right", "seconds")
#: The interval of the median of the sign test, as `backend.statistics.interval` computes it.
_INTERVAL = '''
from math import comb
from statistics import median


def interval(values, confidence):
    """The narrowest interval between two of the sorted values that holds the median with this confidence."""
    ordered, n, outside, omitted = sorted(values), len(values), 0.0, -1
    while omitted + 1 < n:
        more = outside + 2 * comb(n, omitted + 1) / 2**n
        if more > 1 - confidence:
            break
        outside, omitted = more, omitted + 1
    return None if omitted < 0 else (ordered[omitted], ordered[n - 1 - omitted])


def verdict(values, low, high):
    """Whether the median lies between low and high, as far as these values can tell."""
    found = interval(values, CONFIDENCE)
    if found is None:
        return "cannot tell"
    inside = [low <= end <= high for end in found]
    if any(inside) != all(inside) or (found[0] < low and found[1] > high):
        return "cannot tell"
    return "yes" if all(inside) else "no"
'''
_STEP = """
runs = RUNS[{step!r}]  # participant: [{figure}, ...] after each of the epochs
values = [curve[-1] for curve in runs.values()]
print(f"{{len(values)}} runs, median {{median(values):.4g}}, interval {{interval(values, CONFIDENCE)}}")
print("{figure} between", {low}, "and", {high}, ":", verdict(values, {low}, {high}))
print(sum(not {low} <= value <= {high} for value in values), "runs alone lie outside")
"""


def table(view: RoomView) -> str:
    """All answers as CSV, a line each. `seconds` counts from the opening of the room."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for (position, round), given in sorted(view.answers.items()):
        if position >= len(view.room.lesson.steps):
            continue
        step = view.room.lesson.steps[position]
        for number, answer in sorted(given.items()):
            who, option = view.participants[number], step.options[answer.option]
            writer.writerow(
                (
                    step.id, round, number, _harmless(who.alias), view.room.seed + number, answer.option + 1,
                    _harmless(option.text), answer.sure, "yes" if option.right else "no",
                    f"{answer.at - view.room.created:.1f}",
                )
            )  # fmt: skip
    return out.getvalue()


def notebook(view: RoomView, runs: Mapping[int, Sequence[SeedRun]]) -> str:
    """A notebook (nbformat 4) with everybody's runs by the position of the step, which recomputes each verdict."""
    lesson = view.room.lesson
    data, cells = {}, []
    for position, found in sorted(runs.items()):
        step, tests = lesson.steps[position], tests_of(lesson.steps[position])
        curves = {run.number: list(run.curve) for run in found if run.number > SHARED and run.curve}
        if not curves or not tests:
            continue
        data[step.id] = curves
        test, expected = tests[0], step.options[step.right].text
        cells.append(new_markdown_cell(f"## {step.title}\n\n{step.text}\n\nThe lesson expects: {expected}."))
        code = _STEP.format(step=step.id, figure=test.figure.name, low=repr(test.low), high=repr(test.high))
        cells.append(new_code_cell(code.strip()))
    head = [
        new_markdown_cell(f"# {lesson.title}\n\nThe runs of a class in Two Heads. Each participant is a seed."),
        new_code_cell(f'nan, inf = float("nan"), float("inf")\nCONFIDENCE = {CONFIDENCE}\nRUNS = {data!r}'),
        new_code_cell(_INTERVAL.strip()),
    ]
    for i, cell in enumerate([*head, *cells]):
        cell["id"] = f"cell-{i}"  # not random, so that the same room gives the same file
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return str(nbformat.writes(new_notebook(cells=[*head, *cells], metadata=kernel)))


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
