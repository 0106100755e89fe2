"""What a host takes home: answers without visitors and formulas, and a notebook with the verdict of the page."""

from __future__ import annotations

import csv
import io
import math
from contextlib import redirect_stdout
from dataclasses import replace

import nbformat
import pytest

from backend.database.visitors import hashed
from backend.lessons import parse
from backend.lessons.answers import LETTERS
from backend.rooms import class_result, export
from backend.rooms.class_result import SeedRun, judge
from backend.words import short
from tests.builders.lessons import GOLDEN, LESSON

STEP = LESSON.steps[0]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "=cmd|' /C calc'!A0", "|x"]


def rows(view, openings=None):
    return list(csv.DictReader(io.StringIO(export.table(view, openings or {}))))


def test_every_answer_is_a_line_and_no_visitor_is_in_it(room):
    room.asked(1, 2, 0, 1, 2, 0, sure="certain")
    room.rooms.host.remove(room.id, 6)
    room.act("freeze", "discuss", "ask_again")
    room.answer(room.view.participants[1], 1, round=2)
    found = rows(room.view)
    assert [(row["round"], row["participant"], row["option"], row["right"]) for row in found] == [
        ("1", "1", "2", "yes"), ("1", "2", "3", "no"), ("1", "3", "1", "no"), ("1", "4", "2", "yes"),
        ("1", "5", "3", "no"), ("2", "1", "2", "yes"),
    ]  # fmt: skip
    assert all(int(row["seed"]) == room.view.room.seed + int(row["participant"]) for row in found)
    both = export.table(room.view, {}) + export.notebook(room.view, {0: runs([2.0] * 5)})
    opened = room.opened
    secrets = [opened.host, opened.board, opened.room.host_hash, opened.room.board_hash, opened.room.secret, room.id]
    for secret in ("visitor 0", hashed("visitor 0"), hashed("host"), *secrets, room.view.participants[6].alias):
        assert secret not in both


def test_an_answer_has_its_question_and_the_seconds_since_it_was_opened(timed, clock):
    ada, bob = timed.join("ada", "bob")
    clock.now += 100
    timed.act("begin")
    clock.now += 7
    timed.answer(ada, 0)
    timed.act("freeze")
    clock.now += 3
    timed.undo()
    clock.now += 10
    timed.answer(bob, 2)
    timed.act("freeze", "discuss")
    clock.now += 90
    timed.act("ask_again")
    clock.now += 4
    timed.answer(ada, 1, round=2)
    found = rows(timed.view, timed.rooms.host.openings(timed.id))
    assert [(row["participant"], row["round"], row["seconds"]) for row in found] == [
        ("1", "1", "7.0"), ("2", "1", "20.0"), ("1", "2", "4.0"),
    ]  # fmt: skip
    assert found[0]["misconception"] == STEP.options[0].misconception
    timed.act("reset")
    clock.now += 2
    timed.answer(ada, 0)
    timed.act("pause")
    clock.now += 50
    timed.act("resume")
    again = rows(timed.view, timed.rooms.host.openings(timed.id))
    assert [row["seconds"] for row in again] == ["2.0"], "the question was asked anew"


def test_no_cell_is_a_formula(room):
    room.asked(*[0] * len(FORMULAS))
    room.act("names")
    for number, text in enumerate(FORMULAS, 1):
        room.rooms.people.set_name(room.id, room.view.participants[number], text)
        room.answer(room.view.participants[number], 0, sure=text)
    for row in rows(room.view):
        for name, cell in row.items():
            assert cell.strip()[:1] not in ("=", "+", "-", "@", "＝"), (name, cell)
            assert cell.isprintable()


@pytest.mark.parametrize("separator", [";", ",", "\t", "\n"])
def test_no_part_of_a_cell_after_a_separator_is_a_formula(separator):
    text = f"a{separator}=1+1{separator} @SUM(A1){separator}b-c"
    parts = export.not_a_formula(text).split(separator)
    assert parts == ["a", "'=1+1", "' @SUM(A1)", "b-c"]


# The notebook.


def runs(values, step=STEP):
    """Runs that end at these values."""
    others = tuple("true" for _ in class_result.tests_of(step)[1:])
    return [SeedRun(n, n, (1, 2), (1.0, value), (value, *others)) for n, value in enumerate(values, 1)]


def made(room, lesson, found):
    """The notebook of that room with another lesson."""
    view = replace(room.view, room=replace(room.view.room, lesson_text=lesson))
    written = nbformat.reads(export.notebook(view, {0: found}), as_version=4)
    nbformat.validate(written)
    return written


def printed(notebook):
    """What its cells print."""
    names, out = {}, io.StringIO()
    with redirect_stdout(out):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
    return out.getvalue()


#: An expectation, and the values at which the runs end.
VERDICTS = {
    "yes": ("median(ratio) in 1.9..2.1", [2.0, 2.01, 1.99, 2.0, 2.02, 1.98, 2.0, 2.0, 2.05, 1.95, 2.5, 2.0]),
    "no": ("median(ratio) in 1.9..2.1", [1.0] * 11 + [2.0]),
    "too few": ("median(ratio) in 1.9..2.1", [2.0] * 4),
    "astride": ("median(ratio) in 1.9..2.1", [1.0, 3.0] * 6),
    "diverged": ("median(ratio) < 2", [1.0] * 11 + [float("nan")]),
    "open": ("ratio < 2", [2.0] * 12),
    "share": ("share(ratio > 1.5) >= 0.6", [2.0] * 12),
    "a share within": ("share(ratio > 1.5) in 0.4..0.6", [1.0, 2.0] * 6),
    "a share of diverged": ("share(ratio > 1.5) >= 0.6", [2.0] * 11 + [float("nan")]),
}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_notebook_prints_the_verdict_of_the_page(room, verdict):
    expectation, values = VERDICTS[verdict]
    lesson = GOLDEN.replace("median(ratio) in 1.9..2.1 and claim(parameters) = true", expectation)
    step, found = parse(lesson).steps[0], runs(values)
    result = judge(step, found)
    option = f"{LETTERS[step.right]}, {step.options[step.right].text}"
    said = printed(made(room, lesson, found))
    assert result.sentence(option).partition(". ")[2] in said
    assert result.alone_sentence() in said
    assert bool(result.alone_sentence()) is ("run alone" in said)
    if expectation.startswith("median"):
        finite = sum(map(math.isfinite, values))
        those = "" if finite == len(values) else f", of the {finite} that give a number,"
        assert f"{len(values)} runs: the median of ratio{those} is {short(result.median, 4)}." in said
