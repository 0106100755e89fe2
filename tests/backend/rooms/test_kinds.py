"""Questions with several right options and questions for a number, from the phone to the report, on both databases."""

from __future__ import annotations

import csv
import io

import pytest

from backend.rooms import RoomRefused, phone
from backend.rooms.export import table
from backend.rooms.parts import Part
from backend.rooms.people import SentAnswer
from backend.rooms.phone import Panels
from backend.rooms.report import build
from backend.rooms.tally import advice, counts
from tests.builders.lessons import ALL_KINDS as LESSON
from tests.builders.reports import Trained
from tests.builders.rooms import Classroom

PANELS = Panels(
    lambda view, position: ([Part(("A picture before it.",))], True) if position == 1 else ([], False),
    lambda *step: ([Part(("42",))], False), lambda step: {},
)  # fmt: skip
NUMBERS = (2.0, 1.95, 2.1, 1.0, -7.25, 2.0)
SEVERAL = (0b101, 0b101, 0b001, 0b111, 0b010, 0b101)


@pytest.fixture
def opened(start):
    return Classroom.open(*start(), lesson=LESSON)


def page_of(room):
    return phone.page(room.view, Trained(), PANELS)


def taught(room):
    people = room.join(*(f"visitor-{n}" for n in range(6)))
    room.act("begin")
    for who, number in zip(people, NUMBERS, strict=True):
        room.rooms.people.answer(room.id, who, SentAnswer(step=0, round=1, option=0, value=number))
    asked = page_of(room)
    room.act("freeze", "reveal", "more", "more", "next")
    for who, answer in zip(people, SEVERAL, strict=True):
        room.answer(who, answer, step=1, sure="certain")
    return people, asked


def test_numbers_are_stored_as_typed_and_counted_by_range(opened):
    people, asked = taught(opened)
    assert [each.value for each in opened.stored(0).values()] == list(NUMBERS)
    assert opened.options(0) == dict(enumerate((1, 1, 1, 0, 2, 1), 1))
    said = repr(asked)
    assert not [text for text in ("± 0.1", "± 5", "misconception") if text in said], "before the result"
    assert phone.own(opened.view, people[1]).answers[0] == [1.95, None]


def test_what_is_no_answer_is_refused_in_a_sentence(opened):
    (ada,) = opened.join("ada")
    opened.act("begin")
    for value in (1e13, -1e13, None):
        with pytest.raises(RoomRefused, match="asks for a number from"):
            opened.rooms.people.answer(opened.id, ada, SentAnswer(step=0, round=1, option=0, value=value))
    opened.act("freeze", "reveal", "more", "more", "next")
    for chosen in (0, 0b1000, -1):
        with pytest.raises(RoomRefused, match="Choose at least one"):
            opened.answer(ada, chosen, step=1)


def test_several_options_count_each_and_are_right_as_a_whole(opened):
    taught(opened)
    step = LESSON.steps[1]
    assert counts(opened.view.of_round(1, 1), step) == [5, 2, 4]
    opened.act("freeze")
    hint = advice(opened.view.of_round(1, 1), step.right, opened.view.room.state, LESSON)
    assert "50% chose the right answer" in hint.reason
    opened.act("reveal")
    votes = page_of(opened).content.parts[0].picture
    assert ([option.votes for option in votes.options], votes.totals) == ([(5,), (2,), (4,)], (6,))
    assert not any(option.right for option in votes.options)
    opened.act("more", "more")
    result = page_of(opened).content
    assert (result.right, result.answer) == (0b101, "several")
    assert [option.right for option in result.parts[0].picture.options] == [True, False, True]


def test_csv_and_report_have_both_kinds(opened):
    taught(opened)
    opened.act("freeze", "reveal", "more", "more")
    rows = list(csv.DictReader(io.StringIO(table(opened.view))))
    first, second = rows[:6], rows[6:]
    assert [row["answer"] for row in first] == ["2", "1.95", "2.1", "1", "-7.25", "2"]
    assert [row["right"] for row in first] == ["yes", "yes", "yes", "no", "no", "yes"]
    assert (second[0]["option"], second[0]["answer"]) == ("1 3", "the ratio is 2 | the losses are equal")
    assert [row["right"] for row in second] == ["yes", "yes", "no", "no", "no", "yes"]

    number, several = build(opened.view, Trained(), PANELS, 0.0).questions
    assert number.columns == [("answers", [1, 4, 1], 6)]
    assert several.columns == [("answers", [5, 2, 4], 6)]
