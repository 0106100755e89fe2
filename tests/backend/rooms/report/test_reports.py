"""Reports that are kept after the class, and homework, on both databases."""

from __future__ import annotations

import pytest

from backend.database.tables import homework_answers, homeworks, room_reports
from backend.rooms import Refused, tokens
from backend.rooms.report import store
from backend.rooms.report.reports import DAY, lesson_of
from tests.builders.lessons import LESSON
from tests.builders.reports import reported
from tests.builders.rooms import rows
from tests.builders.storage import BOTH


def taught(room):
    """A class of one, who has answered the first question."""
    room.asked(1)
    room.act("freeze", "reveal", "more", "more")
    return room


@pytest.fixture
def kept(timed):
    """A room whose report is kept for 30 days, and the report."""
    room = taught(timed).opened.room
    return timed.rooms.reports.keep(room, reported(timed), 30)


def opened(room, kept):
    return room.rooms.reports.open(kept.id, room.rooms.reports.token(room.opened.room, kept))


def test_a_kept_report_outlives_its_room(timed, clock, kept):
    token = timed.rooms.reports.token(timed.opened.room, kept)
    before = timed.rooms.reports.open(kept.id, token)
    assert before.report.questions[0].id == "sum"
    timed.rooms.host.delete(timed.id)
    clock.now += 30 * DAY - 60
    assert timed.rooms.reports.open(kept.id, token).report == before.report
    clock.now += 120
    with pytest.raises(Refused, match="Its time may be over"):
        timed.rooms.reports.open(kept.id, token)
    timed.database.commit(timed.rooms.reports.delete_expired)
    assert rows(timed.database, room_reports) == 0


def test_only_its_own_token_opens_it(timed, kept):
    room = timed.opened
    token = timed.rooms.reports.token(room.room, kept)
    assert token not in (kept.token_hash, kept.id)
    for wrong in ("", room.host, room.board, kept.token_hash, token[:-1], tokens.report_token(room.room.secret, "x")):
        with pytest.raises(Refused, match="There is no such report"):
            timed.rooms.reports.open(kept.id, wrong)
        with pytest.raises(Refused):
            timed.rooms.reports.delete(kept.id, wrong)
    for id in ("", "x" * 41, "a/b" * 8, "ä" * 20, "0" * 20):
        with pytest.raises(Refused, match="There is no such report"):
            timed.rooms.reports.open(id, token)
    assert opened(timed, kept).kept == kept


@BOTH
def test_a_link_that_was_given_out_without_names_never_opens_names(timed, clock, kept):
    given = timed.rooms.reports.give_homework(timed.opened.room, clock.now + DAY)
    answer(timed, given, "ada", 1)
    named = timed.rooms.reports.keep(timed.opened.room, reported(timed, names=True), 30)
    assert named.id != kept.id
    with pytest.raises(Refused, match="There is no such report"):
        opened(timed, kept)
    found = opened(timed, named)
    assert found.report.has_names
    assert found.homework.id == given.id
    assert found.votes == {"sum": [0, 1, 0]}
    assert timed.rooms.reports.keep(timed.opened.room, reported(timed), 30).id == named.id
    assert not opened(timed, named).report.has_names
    assert rows(timed.database, room_reports) == 1


@BOTH
def test_its_host_deletes_it_at_any_time(timed, kept):
    timed.rooms.reports.give_homework(timed.opened.room, kept.made + DAY)
    timed.rooms.reports.delete_of_room(timed.id)
    assert timed.rooms.reports.of_room(timed.id) is None
    assert [rows(timed.database, table) for table in (room_reports, homeworks, homework_answers)] == [0, 0, 0]
    second = timed.rooms.reports.keep(timed.opened.room, reported(timed), 30)
    timed.rooms.reports.delete(second.id, timed.rooms.reports.token(timed.opened.room, second))
    assert rows(timed.database, room_reports) == 0


# Homework.


def answer(room, given, visitor, option, step=0, address=""):
    room.rooms.reports.answer(given.id, visitor, address, store.Predicted(step, option))
    room.database.commit(lambda connection: None)  # answers are written in order


@BOTH
def test_a_homework_has_the_questions_of_the_report(timed, clock, kept):
    given = timed.rooms.reports.give_homework(timed.opened.room, clock.now + 3 * DAY)
    lesson = lesson_of(given)
    assert [step.id for step in lesson.steps] == ["sum"]
    assert lesson.steps[0].options == LESSON.steps[0].options
    assert lesson.id != LESSON.id
    assert timed.rooms.reports.homework(given.id) == given
    assert opened(timed, kept).kept.expires == max(kept.expires, given.until + store.AFTER_HOMEWORK)


@BOTH
def test_only_the_first_prediction_of_a_browser_before_the_end_counts(timed, clock, kept):
    given = timed.rooms.reports.give_homework(timed.opened.room, clock.now + DAY)
    for visitor in ("ada", "bob", "cy"):
        answer(timed, given, visitor, 1)
    answer(timed, given, "ada", 0)
    answer(timed, given, "no option", 7)
    answer(timed, given, "no question", 0, step=5)
    assert opened(timed, kept).votes == {"sum": [0, 3, 0]}
    clock.now += DAY + 1
    assert timed.rooms.reports.has_ended(given)
    answer(timed, given, "eve", 2)
    assert opened(timed, kept).votes == {"sum": [0, 3, 0]}
    moved = timed.rooms.reports.give_homework(timed.opened.room, clock.now + DAY)
    assert moved.id == given.id
    answer(timed, given, "eve", 2)
    assert opened(timed, kept).votes == {"sum": [0, 3, 1]}


@BOTH
@pytest.mark.parametrize("bound", ["MOST_VISITORS", "MOST_VISITORS_OF_NETWORK"])
def test_a_homework_takes_so_many_visitors_and_fewer_of_one_network(timed, clock, kept, monkeypatch, bound):
    monkeypatch.setattr(store, bound, 2)
    given = timed.rooms.reports.give_homework(timed.opened.room, clock.now + DAY)
    for n in range(4):
        answer(timed, given, f"visitor {n}", 0, address="192.0.2.7")
    answer(timed, given, "elsewhere", 1, address="198.51.100.7")
    answer(timed, given, "visitor 1", 1, address="192.0.2.7")
    elsewhere = int(bound == "MOST_VISITORS_OF_NETWORK")
    assert opened(timed, kept).votes == {"sum": [2, elsewhere, 0]}
    refusal = timed.rooms.reports.refusal
    assert refusal(given, "visitor 3", "192.0.2.7")
    assert refusal(given, "visitor 1", "192.0.2.7") is None, "it has a place already"
    assert bool(refusal(given, "another", "203.0.113.7")) is not bool(elsewhere)
