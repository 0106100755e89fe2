"""What a host can download: all answers as CSV, and a notebook that recomputes each verdict from everybody's runs.

Neither contains a visitor's id: the notebook has the numbers of participants, and the CSV also their aliases.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from backend.lessons.expect import EQUAL, Condition, passes
from backend.lessons.figure import Value
from backend.rooms.class_result import (
    UNDECIDED,
    Kind,
    SeedRun,
    alone_words,
    judge,
    kind_of,
    kind_of_interval,
    kind_of_share,
    tests_of,
)
from backend.rooms.model import RoomView, named
from backend.rooms.report import Openings, seconds
from backend.rooms.training import SHARED
from backend.scripts.notebooks import code, words, written
from backend.scripts.source import Function, source_of
from backend.statistics.intervals import CONFIDENCE, FEWEST_PAIRS, Interval, interval, share_interval

COLUMNS = (
    "step", "title", "question", "round", "participant", "alias", "seed", "option", "answer", "sure", "right",
    "misconception", "seconds",
)  # fmt: skip
#: Spreadsheets treat a text that begins with one of these signs as a formula (the wide ones: those set to Japanese).
#: Which of the separators begins a new cell depends on the spreadsheet.
_FORMULA = re.compile(r"(^|[;,\t\r\n])(?=\s*[=+\-@＝＋－＠])")


_IMPORTS = """
import math
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist, median
"""
_STEP = """
# CURVES[{step!r}] has {figure} after each of the epochs, by participant.
conclude(RUNS[{step!r}], TESTS[{step!r}], {expected!r})
"""


def table(view: RoomView, openings: Openings) -> str:
    """All answers as CSV, a line each, with its question.

    `seconds` counts from the opening of the question in that round, which `openings` has by step and round.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for position, round in sorted(view.answers):
        if position >= len(view.room.lesson.steps):
            continue
        opened = openings.get((position, round))
        step = view.room.lesson.steps[position]
        asked = tuple(not_a_formula(" ".join(text.split())) for text in (step.title, step.text))
        for number, answer in sorted(view.of_round(position, round).items()):
            chosen = step.chosen(answer.option)
            options = [step.options[i] for i in chosen]
            row = (
                step.id, *asked, round, number, not_a_formula(view.participants[number].alias),
                view.room.seed + number, " ".join(str(i + 1) for i in chosen),
                not_a_formula(" | ".join(each.text for each in options)) if answer.value is None
                else f"{answer.value:.12g}",
                not_a_formula(answer.sure), "yes" if answer.option == step.right else "no",
                " | ".join(each.misconception for each in options if each.misconception),
                "" if opened is None else f"{seconds(answer, opened):.1f}",
            )  # fmt: skip
            writer.writerow(row)
    return out.getvalue()


def notebook(view: RoomView, runs: Mapping[int, Sequence[SeedRun]]) -> str:
    """A notebook (nbformat 4) with everybody's runs by the position of the step, which recomputes each verdict."""
    lesson = view.room.lesson
    curves: dict[str, object] = {}
    figures: dict[str, object] = {}
    conditions: dict[str, object] = {}
    cells = []
    for position, of_step in sorted(runs.items()):
        step, tests = lesson.steps[position], tests_of(lesson.steps[position])
        seed_runs = [run for run in of_step if run.number > SHARED]
        if judge(step, seed_runs) is None:
            continue
        curves[step.id] = {run.number: list(run.curve) for run in seed_runs}
        figures[step.id] = {run.number: [_number(value) for value in run.values] for run in seed_runs}
        conditions[step.id] = list(map(_condition, tests))
        expected = named(step, step.right)
        cells.append(words(f"## {step.title}\n\n{step.text}\n\nThe lesson expects: {expected}."))
        cells.append(code(_STEP.format(step=step.id, figure=tests[0].figure.name, expected=expected).strip()))
    data = "\n".join(
        f"{name} = {value!r}" for name, value in {"CURVES": curves, "RUNS": figures, "TESTS": conditions}.items()
    )
    constants = f"CONFIDENCE = {CONFIDENCE}\nFEWEST_PAIRS = {FEWEST_PAIRS}\nEQUAL = {EQUAL}"
    names = f'nan, inf = float("nan"), float("inf")\n{constants}\n{data}'
    verdict = source_of(_SOURCE)
    head = [
        words(f"# {lesson.title}\n\nThe runs of a class in Two Heads. Each participant is a seed."),
        code(names),
        code(f"{_IMPORTS.strip()}\n\nUNDECIDED = {UNDECIDED!r}\n\n\n{verdict.strip()}"),
    ]
    return written([*head, *cells])


def _condition(test: Condition) -> dict[str, object]:
    """A test for the notebook: the bounds of each run, and those of the share of the runs that are between them."""
    each = test.inner or test
    share = (test.low, test.high, test.closed) if test.inner else None
    bounds = {"low": each.low, "high": each.high, "closed": each.closed, "words": each.bounds_in_words}
    return {"figure": test.figure.name, **bounds, "share": share}


def print_finding(values: Sequence[float], test: Mapping[str, Any]) -> None:
    """Print the median of the runs, or the share of them that the test counts."""
    finite = [value for value in values if math.isfinite(value)]
    if test["share"] and len(finite) == len(values):
        passed = sum(passes(value, test["low"], test["high"], test["closed"]) for value in values)
        counted = f"{test['figure']} {test['words']}"
        print(f"{len(values)} runs: the share with {counted} is {passed / len(values):.0%}.")
        return
    middle = f"{median(finite):.4g}" if finite else "unknown"
    give = "gives" if len(finite) == 1 else "give"
    those = f", of the {len(finite)} that {give} a number," if 0 < len(finite) < len(values) else ""
    print(f"{len(values)} runs: the median of {test['figure']}{those} is {middle}.")
    if len(finite) == len(values) and (within := interval(values)):
        print(f"It lies between {within.low:.4g} and {within.high:.4g} with a confidence of at least {CONFIDENCE:.0%}.")


def kind_of_test(values: Sequence[float], test: Mapping[str, Any]) -> Kind:
    """Whether the runs together pass the test, as far as their interval can tell."""
    bounds = test["low"], test["high"], test["closed"]
    if test["share"] and all(map(math.isfinite, values)):
        return kind_of_share([passes(value, *bounds) for value in values], *test["share"])
    return kind_of(values, *bounds)


def passes_alone(value: float, test: Mapping[str, Any]) -> bool:
    """Whether one run alone passes the test. The share of one run is 0 or 1."""
    passed = passes(value, test["low"], test["high"], test["closed"])
    return passes(float(passed), *test["share"]) if test["share"] and math.isfinite(value) else passed


def conclude(runs: Mapping[int, Sequence[float]], tests: Sequence[Mapping[str, Any]], expected: str) -> None:
    """Print what all runs show together, and what each would have shown alone."""
    print_finding([figures[0] for figures in runs.values()], tests[0])
    kinds = {kind_of_test([figures[i] for figures in runs.values()], test) for i, test in enumerate(tests)}
    kind = next((kind for kind in ("no", *UNDECIDED) if kind in kinds), "yes")
    agree = sum(all(passes_alone(figures[i], test) for i, test in enumerate(tests)) for figures in runs.values())
    wrong = agree if kind == "no" else len(runs) - agree
    if kind in UNDECIDED:
        print(f"{UNDECIDED[kind]} The lesson expects: {expected}.")
    else:
        print(f"So the answer is{' not' if kind == 'no' else ''}: {expected}.")
        print(alone_words(wrong, len(runs)))


#: Code of this app in the notebook.
_SOURCE: tuple[Function, ...] = (
    Interval, interval, share_interval, passes, kind_of_interval, kind_of_share, kind_of, alone_words, print_finding,
    kind_of_test, passes_alone, conclude,
)  # fmt: skip


def _number(value: Value) -> float:
    """A figure as a number; NaN for a word, which has no median."""
    return value if isinstance(value, float) else math.nan


def not_a_formula(text: str) -> str:
    """The text, changed so that no spreadsheet takes it for a formula."""
    return _FORMULA.sub(r"\1'", text)
