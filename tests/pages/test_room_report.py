"""The report and the homework on the host's page, by AppTest through the shell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.rooms import Refused
from backend.rooms.report.reports import DAY
from tests.builders.pages import drawn
from tests.builders.room_pages import again, press, said, visit_host
from tests.builders.rooms import Classroom


@pytest.fixture
def room(room) -> Classroom:
    """A room in which six people have answered."""
    room.asked(1, 0, 1, 0, 1, 0)
    return room


@pytest.fixture
def lead(room, cookies):
    """Opens the host's page with the menu below it."""

    def open_page():
        cookies.update(room.cookies)
        return visit_host(room)

    return open_page


def keep(at, room, period="30 days"):
    at.selectbox(key=f"room.report.period.{room.id}").set_value(period)
    return press(again(at), "Keep the report")


def links(at):
    return [data["link"] for data in drawn(at, "share")]


def test_the_report_comes_with_the_first_reveal(room, lead):
    at = lead()
    assert "There is a report once the result of a question is revealed." in said(at)
    assert not any("/report/" in each.value for each in at.markdown)
    room.act("freeze", "reveal")
    assert f"/report/room/{room.id})**" in said(again(at))


@pytest.mark.slow
def test_the_host_keeps_renews_and_deletes_the_report(room, lead):
    room.act("freeze", "reveal")
    at = lead()
    assert at.button(key="room.report.keep").disabled
    assert "Keep the report first" in said(at)
    at = keep(at, room)
    kept = room.rooms.reports.of_room(room.id)
    assert kept is not None
    assert not kept.names
    assert kept.expires == pytest.approx(kept.made + 30 * DAY)
    assert "A report **without names** is kept until" in said(at)
    token = room.rooms.reports.token(room.view.room, kept)
    assert any(link.endswith(f"/report/kept/{kept.id}/{token}") for link in links(at))
    at.toggle(key=f"room.report.names.{room.id}").set_value(True)
    at.selectbox(key=f"room.report.period.{room.id}").set_value("a year")
    at = press(again(at), "Renew the kept report")
    assert room.rooms.reports.of_room(room.id).names
    assert "A report **with names** is kept until" in said(at)
    at.selectbox(key=f"room.report.period.{room.id}").set_value("with the room")
    at = press(again(at), "Delete the kept report")
    assert room.rooms.reports.of_room(room.id) is None
    with pytest.raises(Refused):
        room.rooms.reports.open(kept.id, token)


@pytest.mark.slow
@pytest.mark.parametrize("button", ["Aliases only", "Remove"])
def test_a_report_with_names_loses_those_that_go(room, lead, button):
    room.act("names")
    who = room.view.participants[1]
    room.rooms.people.set_name(room.id, who, "Ada Lovelace")
    room.act("freeze", "reveal")
    at = lead()
    at.selectbox(key=f"room.report.period.{room.id}").set_value("30 days")
    at = again(at)
    at.toggle(key=f"room.report.names.{room.id}").set_value(True)
    at = press(again(at), "Keep the report")
    kept = room.rooms.reports.of_room(room.id)
    token = room.rooms.reports.token(room.view.room, kept)
    assert "Ada Lovelace" in room.rooms.reports.open(kept.id, token).report.aliases.values()
    press(again(at), button)
    aliases = room.rooms.reports.open(kept.id, token).report.aliases.values()
    assert "Ada Lovelace" not in aliases
    assert len(aliases) == (6 if button == "Aliases only" else 5)


@pytest.mark.slow
def test_a_homework_ends_with_the_chosen_day(room, lead):
    room.act("freeze", "reveal")
    at = keep(lead(), room)
    day = datetime.now(UTC).date() + timedelta(days=60)
    at.date_input(key=f"room.homework.until.{room.id}").set_value(day)
    at = press(again(at), "Make a homework link")
    given = room.rooms.reports.homework_of(room.rooms.reports.of_room(room.id))
    assert given is not None
    assert datetime.fromtimestamp(given.until, UTC).date() == day
    assert any(link.endswith(f"/learn?homework={given.id}") for link in links(at))
    assert room.rooms.reports.of_room(room.id).expires == given.until + 30 * DAY
    assert at.button(key="room.homework.give").label == "Move the date"
