"""Reports that are kept after the class, and homework, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.database.tables import homework_answers, homeworks, room_reports
from backend.lessons.playlist import Part, compose
from backend.rooms import Refused, tokens
from backend.rooms.report import store
from backend.rooms.report.model import Report
from backend.rooms.report.reports import DAY, lesson_of
from tests.backend.database.storage import BOTH
from tests.builders.lessons import LESSON
from tests.builders.reports import bare, reported
from tests.builders.rooms import Classroom, rows


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
    assert isinstance(before.report, Report)
    assert before.report.questions[0].id == "sum"
    timed.rooms.host.delete(timed.id)
    clock.now += 30 * DAY - 60
    assert timed.rooms.reports.open(kept.id, token).report == before.report
    clock.now += 120
    with pytest.raises(Refused, match="Its time may be over"):
        timed.rooms.reports.open(kept.id, token)
    assert rows(timed.database, room_reports) == 1
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


def test_pressing_again_renews_the_same_report(timed, clock, kept):
    clock.now += DAY
    timed.act("explain")
    again = timed.rooms.reports.keep(timed.opened.room, reported(timed), 365)
    assert (again.id, again.token_hash) == (kept.id, kept.token_hash)
    assert (again.names, again.made, again.expires) == (False, clock.now, clock.now + 365 * DAY)
    assert opened(timed, again).kept == again
    clock.now += DAY
    timed.rooms.reports.renew(timed.opened.room, reported(timed))
    renewed = opened(timed, kept).kept
    assert (renewed.made, renewed.expires, renewed.names) == (clock.now, again.expires, False)
    assert rows(timed.database, room_reports) == 1


@BOTH
def test_a_link_that_was_given_out_without_names_never_opens_names(timed, clock, kept):
    given = timed.rooms.reports.give_homework(timed.opened.room, clock.now + DAY)
    answer(timed, given, "ada", 1)
    named = timed.rooms.reports.keep(timed.opened.room, reported(timed, names=True), 30)
    assert named.id != kept.id
    assert named.names
    with pytest.raises(Refused, match="There is no such report"):
        opened(timed, kept)
    found = opened(timed, named)
    assert found.report.has_names
    assert found.homework.id == timed.rooms.reports.homework_of(named).id == given.id
    assert found.votes == {"sum": [0, 1, 0]}
    again = timed.rooms.reports.keep(timed.opened.room, reported(timed, names=True), 30)
    assert again.id == named.id, "its link has opened names before"
    assert timed.rooms.reports.keep(timed.opened.room, reported(timed), 30).id == named.id
    assert not opened(timed, named).report.has_names
    assert rows(timed.database, room_reports) == 1


@pytest.mark.slow
def test_renewing_brings_no_deleted_report_back_and_no_names(start, clock):
    here = taught(Classroom.open(*start(clock)))
    there = here.seen_by(*start(clock))
    room, reports = here.opened.room, here.rooms.reports
    kept = reports.keep(room, reported(here), 30)
    assert there.rooms.reports.of_room(room.id) == kept
    reports.delete_of_room(room.id)
    there.rooms.reports.renew(room, reported(here))
    assert rows(here.database, room_reports) == 0
    assert there.rooms.reports.of_room(room.id) is None
    reports.keep(room, reported(here, names=True), 30)
    after = here.seen_by(*start(clock)).rooms.reports
    assert after.of_room(room.id).names
    reports.keep(room, reported(here), 30)
    with pytest.raises(Refused, match="changed on another page"):
        after.renew(room, reported(here, names=True))


def test_renewing_keeps_the_time_that_another_server_has_set(start, clock):
    here = taught(Classroom.open(*start(clock)))
    reports, room = here.rooms.reports, here.opened.room
    reports.keep(room, reported(here), 30)
    there = here.seen_by(*start(clock)).rooms.reports
    there.of_room(room.id)
    longer = reports.keep(room, reported(here), 365)
    there.renew(room, reported(here))
    assert there.of_room(room.id).expires == longer.expires


def test_a_room_without_a_kept_report_is_not_kept_when_it_is_renewed(timed):
    taught(timed)
    timed.rooms.reports.renew(timed.opened.room, reported(timed))
    assert rows(timed.database, room_reports) == 0
    with pytest.raises(Refused, match="30, 182, 365 days"):
        timed.rooms.reports.keep(timed.opened.room, reported(timed), 31)


@BOTH
def test_its_host_deletes_it_at_any_time(timed, kept):
    timed.rooms.reports.give_homework(timed.opened.room, kept.made + DAY)
    timed.rooms.reports.delete_of_room(timed.id)
    assert timed.rooms.reports.of_room(timed.id) is None
    assert [rows(timed.database, table) for table in (room_reports, homeworks, homework_answers)] == [0, 0, 0]
    second = timed.rooms.reports.keep(timed.opened.room, reported(timed), 30)
    assert second.id != kept.id
    timed.rooms.reports.delete(second.id, timed.rooms.reports.token(timed.opened.room, second))
    assert rows(timed.database, room_reports) == 0


def test_a_report_without_answers_is_not_kept(room):
    room.act("begin", "freeze", "reveal")
    with pytest.raises(Refused, match="Nobody's answers"):
        room.rooms.reports.keep(room.opened.room, reported(room), 30)


@BOTH
def test_on_a_full_server_the_oldest_report_of_a_network_with_many_gives_way(timed, clock, monkeypatch):
    monkeypatch.setattr(store, "MOST_OF_ALL", 4)
    monkeypatch.setattr(store, "MANY", 3)
    reports, report, room = timed.rooms.reports, reported(taught(timed)), timed.opened.room

    def keep(id, network):
        clock.now += 1
        reports.keep(replace(room, id=id, network=network), report, 30)

    def there():
        return sorted(id for id in ("a1", "a2", "a3", "b1", "c1", "d1") if reports.of_room(id) is not None)

    for id, network in (("b1", "b"), ("a1", "a"), ("a2", "a"), ("a3", "a"), ("c1", "c")):
        keep(id, network)
    assert there() == ["a2", "a3", "b1", "c1"]
    with pytest.raises(Refused, match="no place for another report"):
        keep("d1", "d")
    keep("c1", "c")  # renewing needs no place
    assert there() == ["a2", "a3", "b1", "c1"]


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
    again = timed.rooms.reports.keep(timed.opened.room, reported(timed), 30)
    assert again.expires == given.until + store.AFTER_HOMEWORK, "the report is kept for the homework"


@BOTH
def test_only_the_first_prediction_of_a_browser_before_the_end_counts(timed, clock, kept):
    given = timed.rooms.reports.give_homework(timed.opened.room, clock.now + DAY)
    for visitor in ("ada", "bob", "cy"):
        answer(timed, given, visitor, 1)
    answer(timed, given, "ada", 0)
    assert opened(timed, kept).votes == {"sum": [0, 3, 0]}
    clock.now += DAY - 1
    answer(timed, given, "dan", 2)
    clock.now += 2
    assert timed.rooms.reports.has_ended(given)
    answer(timed, given, "eve", 2)
    assert opened(timed, kept).votes == {"sum": [0, 3, 1]}
    moved = timed.rooms.reports.give_homework(timed.opened.room, clock.now + DAY)
    assert moved.id == given.id
    answer(timed, given, "eve", 2)
    assert opened(timed, kept).votes == {"sum": [0, 3, 2]}


@pytest.mark.slow
def test_answers_to_what_was_not_asked_count_nowhere(timed, clock, kept):
    given = timed.rooms.reports.give_homework(timed.opened.room, clock.now + DAY)
    answer(timed, given, "ada", 7)
    answer(timed, given, "ada", 0, step=5)
    assert opened(timed, kept).votes == {"sum": [0, 0, 0]}
    timed.rooms.reports.answer("no such homework at all", "ada", "", store.Predicted(0, 0))


def test_a_homework_takes_the_answers_of_so_many_visitors(timed, clock, kept, monkeypatch):
    monkeypatch.setattr(store, "MOST_VISITORS", 3)
    given = timed.rooms.reports.give_homework(timed.opened.room, clock.now + DAY)
    for n in range(6):
        answer(timed, given, f"visitor {n}", 0)
    found = opened(timed, kept)
    assert (found.votes, found.browsers) == ({"sum": [3, 0, 0]}, 3)
    assert timed.rooms.reports.refusal(given, "visitor 2", "") is None, "it has a place already"
    assert timed.rooms.reports.refusal(given, "visitor 3", "").startswith("It is full: 3 browsers have answered.")


@BOTH
def test_a_homework_takes_fewer_visitors_of_one_network(timed, clock, kept, monkeypatch):
    monkeypatch.setattr(store, "MOST_VISITORS_OF_NETWORK", 2)
    given = timed.rooms.reports.give_homework(timed.opened.room, clock.now + DAY)
    for n in range(4):
        answer(timed, given, f"visitor {n}", 0, address="192.0.2.7")
    answer(timed, given, "elsewhere", 1, address="198.51.100.7")
    answer(timed, given, "visitor 1", 1, address="192.0.2.7")
    assert opened(timed, kept).votes == {"sum": [2, 1, 0]}
    refusal = timed.rooms.reports.refusal
    assert "2 browsers of your network have answered" in refusal(given, "visitor 3", "192.0.2.7")
    for visitor, address in (("visitor 1", "192.0.2.7"), ("another", "198.51.100.7"), ("no address", "")):
        assert refusal(given, visitor, address) is None


def test_a_homework_needs_a_kept_report_and_a_date(timed, clock):
    taught(timed)
    with pytest.raises(Refused, match="Keep the report first"):
        timed.rooms.reports.give_homework(timed.opened.room, clock.now + DAY)
    timed.rooms.reports.keep(timed.opened.room, reported(timed), 30)
    latest = clock.now + 61 * DAY + 3600 - 60  # the end of the 60th day from its beginning, and an hour more
    assert timed.rooms.reports.give_homework(timed.opened.room, latest).until == latest
    for days in (-1, 62):
        with pytest.raises(Refused, match="1 to 60 days"):
            timed.rooms.reports.give_homework(timed.opened.room, clock.now + days * DAY)


def test_a_workshop_with_shuffled_options_is_a_homework(start):
    rooms, database = start()
    database.read(lambda connection: None)
    lesson = compose([Part(LESSON, 1), Part(LESSON, 0)], shuffle=5)
    room = rooms.open(lesson, "host").room
    report = Report(
        lesson=lesson.id, title=lesson.title, count=2, made=0, began=0, people=0,
        questions=tuple(bare(position, step) for position, step in enumerate(lesson.steps)),
    )  # fmt: skip
    kept = rooms.reports.keep(room, report, 30)
    given = rooms.reports.give_homework(room, kept.made + DAY)
    asked = lesson_of(given)
    assert [step.id for step in asked.steps] == [step.id for step in lesson.steps]
    assert [step.options for step in asked.steps] == [step.options for step in lesson.steps]
    assert [step.experiment.key() for step in asked.steps] == [step.experiment.key() for step in lesson.steps]
