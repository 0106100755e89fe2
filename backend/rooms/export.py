"""What a host takes home: all answers as CSV, and a notebook that recomputes each verdict from everybody's runs.

Neither contains who a visitor is: only numbers and aliases.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from backend.lessons.figure import Value
from backend.rooms.class_result import UNDECIDED, SeedRun, judge, tests_of
from backend.rooms.model import RoomView
from backend.rooms.training import SHARED
from backend.statistics import CONFIDENCE

#: The letters of options, as pages show them.
LETTERS = "ABCDEF"
_COLUMNS = ("step", "round", "participant", "alias", "seed", "option", "answer", "sure", "right", "seconds")
#: With these a spreadsheet begins a formula; the wide ones where it is set to Japanese.
_BEGINS = frozenset("=+-@＝＋－＠")
#: As `backend.statistics.interval` and `backend.rooms.class_result` compute it.
_VERDICT = '''
from math import comb, inf, isfinite
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


def passes(value, test):
    """Whether a value is what the right answer expects."""
    low, high = test["low"], test["high"]
    if not isfinite(value):
        return False
    if low == high:
        return abs(value - low) <= 1e-9 * max(1.0, abs(low))
    return low <= value <= high if test["closed"] else low < value < high


def verdict(values, test):
    """Whether the median passes the test, as far as these values can tell."""
    if not all(map(isfinite, values)):
        return "no number"
    found = interval(values, CONFIDENCE)
    if found is None:
        return "too few"
    inside = {passes(end, test) for end in found}
    if len(inside) > 1 or (found[0] < test["low"] and found[1] > test["high"]):
        return "too different"
    return "yes" if inside == {True} else "no"


def conclude(runs, tests, expected):
    """Print what all runs show together, and what each would have shown alone."""
    values = [figures[0] for figures in runs.values()]
    finite = [value for value in values if isfinite(value)]
    middle = f"{median(finite):.4g}" if finite else "unknown"
    give = "gives" if len(finite) == 1 else "give"
    those = f", of the {len(finite)} that {give} a number," if 0 < len(finite) < len(values) else ""
    print(f"{len(values)} runs: the median of {tests[0]['figure']}{those} is {middle}.")
    if len(finite) == len(values) and (found := interval(values, CONFIDENCE)):
        print(f"It lies between {found[0]:.4g} and {found[1]:.4g} with a confidence of at least {CONFIDENCE:.0%}.")
    kinds = {verdict([figures[i] for figures in runs.values()], test) for i, test in enumerate(tests)}
    kind = next((kind for kind in ("no", *UNDECIDED) if kind in kinds), "yes")
    agree = sum(all(map(passes, figures, tests)) for figures in runs.values())
    wrong = agree if kind == "no" else len(runs) - agree
    if kind in UNDECIDED:
        print(f"{UNDECIDED[kind]} The lesson expects: {expected}.")
    else:
        print(f"So the answer is{' not' if kind == 'no' else ''}: {expected}.")
        print(f"{wrong} of {len(runs)} would have concluded wrongly from their run alone.")
'''
_STEP = """
# CURVES[{step!r}] has {figure} after each of the epochs, by participant.
conclude(RUNS[{step!r}], TESTS[{step!r}], {expected!r})
"""


def table(view: RoomView) -> str:
    """All answers as CSV, a line each. `seconds` counts from the opening of the room."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for position, round in sorted(view.answers):
        if position >= len(view.room.lesson.steps):
            continue
        step = view.room.lesson.steps[position]
        for number, answer in sorted(view.of_round(position, round).items()):
            who, option = view.participants[number], step.options[answer.option]
            writer.writerow(
                (
                    step.id, round, number, _harmless(who.alias), view.room.seed + number, answer.option + 1,
                    _harmless(option.text), _harmless(answer.sure), "yes" if option.right else "no",
                    f"{answer.at - view.room.created:.1f}",
                )
            )  # fmt: skip
    return out.getvalue()


def notebook(view: RoomView, runs: Mapping[int, Sequence[SeedRun]]) -> str:
    """A notebook (nbformat 4) with everybody's runs by the position of the step, which recomputes each verdict."""
    lesson = view.room.lesson
    curves: dict[str, object] = {}
    figures: dict[str, object] = {}
    conditions: dict[str, object] = {}
    cells = []
    for position, found in sorted(runs.items()):
        step, tests = lesson.steps[position], tests_of(lesson.steps[position])
        known = [run for run in found if run.number > SHARED]
        if judge(step, known) is None:
            continue
        curves[step.id] = {run.number: list(run.curve) for run in known}
        figures[step.id] = {run.number: [_number(value) for value in run.values] for run in known}
        conditions[step.id] = [
            {"figure": test.figure.name, "low": test.low, "high": test.high, "closed": test.closed} for test in tests
        ]
        expected = f"{LETTERS[step.right]}, {step.options[step.right].text}"
        cells.append(new_markdown_cell(f"## {step.title}\n\n{step.text}\n\nThe lesson expects: {expected}."))
        cells.append(new_code_cell(_STEP.format(step=step.id, figure=tests[0].figure.name, expected=expected).strip()))
    data = "\n".join(
        f"{name} = {of!r}" for name, of in {"CURVES": curves, "RUNS": figures, "TESTS": conditions}.items()
    )
    names = f'nan, inf = float("nan"), float("inf")\nCONFIDENCE = {CONFIDENCE}\nUNDECIDED = {UNDECIDED!r}\n{data}'
    head = [
        new_markdown_cell(f"# {lesson.title}\n\nThe runs of a class in Two Heads. Each participant is a seed."),
        new_code_cell(names),
        new_code_cell(_VERDICT.strip()),
    ]
    for i, cell in enumerate([*head, *cells]):
        cell["id"] = f"cell-{i}"  # not random, so that the same room gives the same file
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return str(nbformat.writes(new_notebook(cells=[*head, *cells], metadata=kernel)))


def _number(value: Value) -> float:
    """A figure as a number; NaN for a word, of which no class can tell a median."""
    return value if isinstance(value, float) else math.nan


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip()[:1] in _BEGINS else text
