"""Ad-hoc questions of a room on both databases: where they stand, what moves, who hears of it, and Undo."""

from __future__ import annotations

import csv
import io

import pytest

from backend.lessons import adhoc as typed
from backend.rooms import Refused, export, phone
from backend.rooms.training import StepRuns
from harness.local import until
from tests.builders.lessons import LESSON
from tests.builders.storage import BOTH

IDS = [step.id for step in LESSON.steps]
PANELS = phone.Panels(lambda step: [], lambda view: lambda position, explained: ([], False), lambda step: {})


def add(room, text="Where do you come from?", options=("here", "there")):
    return room.rooms.host.add_question(room.id, text, options, room.view.room.version)


def ids(room):
    return [step.id for step in room.view.room.lesson.steps]


def page(room):
    return phone.page(room.view, lambda position: StepRuns((), {}, frozenset()), PANELS)


@pytest.mark.slow
def test_a_question_comes_next_and_leads_back_into_the_lesson(room, other):
    ada, *_ = everybody = room.asked(1, 1, 1, 1, 1)
    before = room.view.room
    add(room)
    assert ids(room) == [IDS[0], "adhoc-1", *IDS[1:]]
    assert room.view.room.state == before.state, "the current question goes on"
    room.act("freeze", "reveal", "more", "more", "explain", "next")
    until(lambda: other.view.room.step.id == "adhoc-1", "the other server asks it, too")
    for who in everybody:
        assert other.answer(who, who.number % 2, step=1)
    with pytest.raises(Refused, match="no such option"):
        room.answer(ada, 2, step=1)
    room.act("freeze")
    assert page(room).result is None
    until(lambda: len(room.options(1)) == 5, "this server knows the answers that the other one has stored")
    room.act("reveal")
    result = page(room).result
    assert (result.right, result.door, result.tries, result.why, result.own_run) == (None, None, {}, "", False)
    (part,) = result.parts
    assert [(each["text"], each["right"], each["rounds"]) for each in part.picture.data["options"]] == [
        ("here", False, [2]), ("there", False, [3]),
    ]  # fmt: skip
    room.act("next")
    assert room.view.room.step.id == IDS[1]


@BOTH
def test_answers_results_and_openings_move_with_their_questions(timed, clock):
    """The host goes back by Undo, and asks something in front of questions that have answers already."""
    room = timed
    everybody = room.join(*(f"visitor {n}" for n in range(5)))
    room.act("begin", "freeze", "reveal")
    clock.now += 10
    room.act("skip")
    opened = clock.now
    for who in everybody:
        room.answer(who, who.number % 2, step=1)
    room.act("freeze", "reveal")
    before = room.view
    for _ in range(3):
        room.undo()
    asked = room.view.room.state.asked
    add(room)
    assert (room.options(1), room.stored(2)) == ({}, dict(before.of_round(1, 1)))
    assert room.options(2) == {who.number: who.number % 2 for who in everybody}
    assert room.view.room.state.asked > asked, "phones read their own answers anew"
    assert phone.own(room.view, everybody[0], "").answers == {2: [1, None]}
    assert room.rooms.host.openings(room.id)[2, 1] == opened
    room.undo()
    assert (ids(room), room.stored(1)) == (IDS, dict(before.of_round(1, 1)))
    assert room.rooms.host.openings(room.id)[1, 1] == opened


@pytest.mark.slow
def test_what_is_refused_changes_nothing(room):
    def refused(sentence, text="a", options=("b", "c")):
        before = room.view.room
        with pytest.raises(Refused, match=sentence):
            add(room, text, options)
        assert room.view.room == before

    refused("The question has no text", " ")
    for n in range(typed.MOST):
        add(room, f"question {n}")
    refused("A room has at most 20 ad-hoc questions.")
    room.act("begin", *["skip"] * len(room.view.room.lesson.steps))
    refused("The lesson is over")
    room.act("close")
    refused("The room is closed.")


def test_votes_go_into_the_csv_and_not_into_the_notebook(room):
    add(room, "=1+1 *a*\nb", ["=2", "`c`"])
    room.asked(1, 0, 1, 0, 1)
    room.act("freeze", "reveal")
    found = list(csv.DictReader(io.StringIO(export.table(room.view, {}))))
    assert {(row["step"], row["question"], row["right"]) for row in found} == {("adhoc-1", "'=1+1 *a* b", "")}
    assert [row["answer"] for row in found] == ["`c`", "'=2", "`c`", "'=2", "`c`"]
    assert "adhoc" not in export.notebook(room.view, {0: []})
