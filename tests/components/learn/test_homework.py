"""Homework on Learn: the questions of a room until a date, counted once, and a sentence after its end."""

from __future__ import annotations

import time

import pytest
from streamlit.runtime.context import ContextProxy

from backend.rooms.report.reports import DAY
from backend.web.reports import make
from components.learn import homework
from tests.builders.pages import ADA, button, visit
from tests.builders.reports import PANELS, taught
from tests.builders.rooms import Classroom


@pytest.fixture
def given(serve):
    """A server, a room with a kept report, and its homework until tomorrow."""
    server = serve()
    room = taught(Classroom.open(server.rooms, server.database))
    server.rooms.reports.keep(room.opened.room, make(server.rooms, room.view, PANELS, names=False), 30)
    return server, room, server.rooms.reports.give_homework(room.opened.room, time.time() + DAY)


def opened(id, visitor=ADA, **more):
    return visit("learn.py", visitor, homework=id, **more)


def votes(server, room):
    server.database.commit(lambda connection: None)
    kept = server.rooms.reports.of_room(room.id)
    return server.rooms.reports.open(kept.id, server.rooms.reports.token(room.opened.room, kept)).votes


def told(at):
    return " ".join(each.value for each in (*at.info, *at.warning, *at.markdown))


@pytest.mark.slow
def test_the_first_prediction_counts_and_the_page_says_until_when(given):
    server, room, homework = given
    at = opened(homework.id)
    assert at.title[0].value.startswith("A small lesson")
    assert "**Homework until " in told(at)
    assert "Step 1 of 1" in [each.value for each in at.caption]
    (asked,) = (each for each in at.radio if each.key and each.key.startswith("learn.ask"))
    asked.set_value(asked.options.index("half") if "half" in asked.options else 2).run()
    button(at, "Submit my prediction").click().run()
    assert not at.exception
    assert votes(server, room) == {"sum": [0, 0, 1]}
    button(at, "Start the lesson again").click().run()
    (asked,) = (each for each in at.radio if each.key and each.key.startswith("learn.ask"))
    asked.set_value(0).run()
    button(at, "Submit my prediction").click().run()
    assert votes(server, room) == {"sum": [0, 0, 1]}
    assert at.query_params["homework"] in (homework.id, [homework.id])


@pytest.mark.slow
def test_a_homework_that_was_deleted_or_mistyped_says_so(given):
    server, room, homework = given
    server.rooms.reports.delete_of_room(room.id)
    assert "This homework does not exist any more" in told(opened(homework.id))
    assert "it takes the end of a homework's link" in told(opened("<b>no</b>")).replace("\\", "")


@pytest.mark.parametrize("name", ["America", "Europe", "nowhere", "../x", "a\0b", "x" * 5000, None])
def test_a_name_that_is_no_time_zone_is_none(monkeypatch, name):
    monkeypatch.setattr(ContextProxy, "timezone", property(lambda self: name))
    assert homework.zone() is None
