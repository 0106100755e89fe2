"""What a host takes home: answers without visitors and formulas."""

from __future__ import annotations

import csv
import io

import pytest

from backend.database.visitors import hashed
from backend.rooms import export
from backend.rooms.people import Choice
from tests.builders.lessons import LESSON

STEP = LESSON.steps[0]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "=cmd|' /C calc'!A0", "|x"]


def rows(view):
    return list(csv.DictReader(io.StringIO(export.table(view))))


def test_every_answer_is_a_line_and_no_visitor_is_in_it(room):
    room.asked(1, 2, 0, 1, 2, 0, sure="certain")
    room.rooms.host.set_removed(room.id, [6])
    room.act("freeze", "discuss", "ask_again")
    room.answer(room.view.participants[1], 1, round=2)
    found = rows(room.view)
    assert [(row["round"], row["participant"], row["option"], row["right"]) for row in found] == [
        ("1", "1", "2", "yes"), ("1", "2", "3", "no"), ("1", "3", "1", "no"), ("1", "4", "2", "yes"),
        ("1", "5", "3", "no"), ("2", "1", "2", "yes"),
    ]  # fmt: skip
    assert all(int(row["seed"]) == room.view.room.seed + int(row["participant"]) for row in found)
    table = export.table(room.view)
    opened = room.opened
    secrets = [opened.host, opened.room.host_hash, opened.room.secret, room.id]
    for secret in ("visitor 0", hashed("visitor 0"), hashed("host"), *secrets, room.view.participants[6].alias):
        assert secret not in table


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
    found = rows(timed.view)
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
    again = rows(timed.view)
    assert [row["seconds"] for row in again] == ["2.0"], "the question was asked anew"


def test_no_cell_is_a_formula(room):
    room.asked(*[0] * len(FORMULAS))
    room.act("names")
    for number, text in enumerate(FORMULAS, 1):
        room.rooms.people.choose(room.id, room.view.participants[number], Choice(name=text))
    for row in rows(room.view):
        for name, cell in row.items():
            assert cell.strip()[:1] not in ("=", "+", "-", "@", "＝"), (name, cell)
            assert cell.isprintable()


@pytest.mark.parametrize("separator", [";", ",", "\t", "\n"])
def test_no_part_of_a_cell_after_a_separator_is_a_formula(separator):
    text = f"a{separator}=1+1{separator} @SUM(A1){separator}b-c"
    parts = export.not_a_formula(text).split(separator)
    assert parts == ["a", "'=1+1", "' @SUM(A1)", "b-c"]
