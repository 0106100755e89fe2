"""Questions from the room: who may ask and vote, what the list is, and that memory has what the database has."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.database.tables import room_questions
from backend.rooms import Participant, Refused, question_store
from backend.rooms.question_list import (
    MOST_LISTED,
    MOST_OPEN,
    MOST_STORED,
    QuestionList,
    RoomQuestion,
    cleaned,
)
from harness.local import until
from tests.builders.rooms import Classroom
from tests.builders.storage import BOTH

WHY = "Why do two heads share a trunk?"


def listed(room: Classroom) -> list[tuple[str, int, bool]]:
    return [(each.text, each.votes, each.answered) for each in room.view.listed_questions]


def stored(room: Classroom) -> QuestionList:
    return room.database.read(lambda connection: question_store.read(connection, room.id))


def ask(room: Classroom, who: Participant, text: str) -> int:
    return room.rooms.questions.ask(room.id, who, text).question


def test_questions_are_listed_by_votes_then_by_time_and_answered_ones_last(room):
    ada, bob, cy = room.join("ada", "bob", "cy")
    first, second, third = ask(room, ada, "Is it first?"), ask(room, bob, "Is it second?"), ask(room, cy, WHY)
    for _ in range(2):
        room.rooms.questions.vote(room.id, ada, third, True)
    assert listed(room) == [(WHY, 2, False), ("Is it first?", 1, False), ("Is it second?", 1, False)]
    room.rooms.questions.mark(room.id, third, "answered")
    room.rooms.questions.mark(room.id, first, "removed")
    assert listed(room) == [("Is it second?", 1, False), (WHY, 2, True)]
    room.rooms.questions.mark(room.id, first, "open")
    room.rooms.questions.vote(room.id, bob, second, False)
    assert listed(room) == [("Is it first?", 1, False), ("Is it second?", 0, False), (WHY, 2, True)]


def test_the_same_text_is_the_same_question(room):
    ada, bob = room.join("ada", "bob")
    number = ask(room, ada, WHY)
    again = room.rooms.questions.ask(room.id, bob, f"  {WHY.upper()}\r\n")
    assert (again.question, again.is_new) == (number, False)
    assert listed(room) == [(WHY, 2, False)]
    for state, why in (("answered", "has been answered"), ("removed", "host has removed")):
        room.rooms.questions.mark(room.id, number, state)
        with pytest.raises(Refused, match=why):
            ask(room, bob, WHY)


def test_bounds_of_a_participant_and_of_a_room(room):
    ada, bob = room.join("ada", "bob")
    numbers = [ask(room, ada, f"Question {n}?") for n in range(MOST_OPEN)]
    with pytest.raises(Refused, match=f"You have {MOST_OPEN} open questions"):
        ask(room, ada, "One more?")
    room.rooms.questions.mark(room.id, numbers[0], "answered")
    ask(room, ada, "One more?")

    def fill(first, end, state):
        values = [
            {"room": room.id, "number": n, "author": 3, "text": f"Filled {n}", "at": 1.0, "state": state}
            for n in range(first, end)
        ]
        room.database.commit(lambda connection: connection.execute(room_questions.insert(), values).rowcount)

    fill(MOST_OPEN + 2, MOST_LISTED + 1, "open")
    with pytest.raises(Refused, match=f"list is full: it has {MOST_LISTED} questions"):
        ask(room, bob, WHY)
    fill(MOST_LISTED + 1, MOST_STORED + 1, "removed")
    room.rooms.questions.mark(room.id, MOST_OPEN + 2, "removed")
    with pytest.raises(Refused, match="takes no more questions: 1,000 have been asked"):
        ask(room, bob, WHY)


@BOTH
@pytest.mark.slow
def test_what_is_asked_at_one_server_is_listed_at_the_other(room, other):
    ada, bob = room.join("ada", "bob")
    until(lambda: len(other.view.present) == 2, "the other server knows both")
    number = ask(room, ada, WHY)
    until(lambda: listed(other) == [(WHY, 1, False)], "the question")
    other.rooms.questions.vote(room.id, bob, number, True)
    until(lambda: listed(room) == [(WHY, 2, False)], "the vote")
    other.rooms.questions.mark(room.id, number, "answered")
    until(lambda: room.view.questions == other.view.questions == stored(room), "one version")


QUESTIONS = st.builds(
    RoomQuestion, number=st.integers(1, 30), author=st.integers(1, 6), text=st.just(WHY),
    at=st.floats(0, 9), status=st.sampled_from(["open", "answered", "removed"]),
    votes=st.frozensets(st.integers(1, 6)),
)  # fmt: skip


@given(st.lists(QUESTIONS, unique_by=lambda each: each.number), st.frozensets(st.integers(1, 6)))
def test_of_those_who_were_removed_nothing_counts(questions, absent):
    everything = QuestionList(1, {each.number: each for each in questions})
    shown = everything.listed(absent)
    assert {each.number for each in shown} == {
        each.number for each in questions if each.status != "removed" and each.author not in absent
    }
    assert all(each.votes == len(everything.by_number[each.number].votes - absent) for each in shown)
    key = [(each.answered, -each.votes, everything.by_number[each.number].at) for each in shown]
    assert key == sorted(key)


@given(st.text(max_size=300))
@example("\u3164\u2800\u115f")
@example("a" + 200 * "\u0301" + "b")
def test_a_cleaned_text_is_one_line_without_signs_that_nobody_sees(text):
    clean = cleaned(text)
    assert all(sign.isprintable() or sign in "\u200c\u200d" for sign in clean)
    assert clean == clean.strip() == cleaned(clean)
    kept = [sign for sign in clean if sign not in " \u200c\u200d"]
    assert {*kept} <= {*text}
    assert 5 * "\u0301" not in clean
    if not any(unicodedata.combining(sign) for sign in text) and not {*text} & {*"\u115f\u1160\u2800\u3164\uffa0"}:
        assert kept == [sign for sign in text if sign.isprintable() and sign != " "]


def test_what_is_no_question_no_vote_and_no_participant_is_refused(room):
    (ada,) = room.join("ada")
    for text in ("", " \n\t a \x00\u200b", "x" * 281):
        with pytest.raises(Refused, match=r"at least 3|at most 280"):
            ask(room, ada, text)
    with pytest.raises(Refused, match="no such question"):
        room.rooms.questions.vote(room.id, ada, 7, True)
    with pytest.raises(Refused, match="no such question"):
        room.rooms.questions.mark(room.id, 7, "answered")
    with pytest.raises(Refused, match="not a participant"):
        ask(room, replace(ada, number=99), WHY)
