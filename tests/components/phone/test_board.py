"""What the board of a room shows, phase by phase."""

from __future__ import annotations

import pytest

from backend.rooms import parts
from backend.rooms.report import build
from backend.services import Services
from components.phone import board, participant
from components.rooms.measured import PANELS
from tests.builders.lessons import ALL_KINDS, LESSON
from tests.builders.room_pages import HOST, open_room
from tests.builders.rooms import Classroom

SITE = "https://heads.example/base"
RIGHT = 'class="right"', 'class="option right"'


@pytest.fixture
def server(serve) -> Services:
    return serve()


@pytest.fixture
def room(server) -> Classroom:
    return open_room(server)


def html(room):
    return board.page(room.view, SITE).html


def test_the_board_invites_and_counts(room):
    shown = board.page(room.view, SITE)
    code = room.opened.room.code
    assert f"heads.example/<wbr>base/<wbr>join/<wbr>{code}" in shown.html
    assert "data:image/svg+xml" in shown.html
    assert shown.more == ["0 people have joined"]
    room.act("lock")
    assert code not in html(room)
    room.rooms.host.new_code(room.id)
    room.act("unlock")
    assert room.view.room.code in html(room) != code
    room.asked(1, 0, 1)
    shown = board.page(room.view)
    assert shown.more == ["3 of 3 answered", f"Code {room.view.room.code}"]
    assert shown.clock


def test_the_right_option_is_marked_with_the_verdict(room):
    room.asked(3, 1, 2, 3, 1, 2)
    room.act("freeze", "reveal")
    assert html(room).count("<span>2 (33 %)</span>") == 3
    assert not [mark for mark in RIGHT if mark in html(room)], "the verdict is the last part"
    room.act("more", "more")
    assert html(room).count(RIGHT[1]) == 1


@pytest.mark.parametrize("lesson", [LESSON, ALL_KINDS], ids=["a seed for each", "one run for all"])
def test_a_verdict_without_a_run_says_that_nothing_is_measured(server, lesson):
    room = Classroom.open(server.rooms, server.database, HOST, lesson)
    room.asked()
    room.act("freeze", "reveal", "more", "more")
    on_phones = "".join(participant.page(room.view).html)
    (answer, *_) = parts.verdict(room.view, 0, server.rooms.training.of_step(room.view)).words
    report = build(room.view, server.rooms.training, PANELS, 0.0)
    assert all("No run has measured it." in shown for shown in (html(room), on_phones, answer, repr(report)))
    assert "The answer: " not in html(room)


@pytest.mark.slow
def test_the_votes_are_shown_while_the_host_explains_and_nothing_that_is_right(room):
    room.asked(1, 0, 1, 0, 1, 0)
    room.act("freeze")
    assert 'class="option"' not in html(room)
    room.act("explain_first")
    shown = html(room)
    assert 'class="option"' in shown
    assert "Dense(2)" in shown, "both networks stand beside the votes"
    assert "name=&quot;level&quot;" in shown
    wrong = [option.misconception for option in room.view.room.step.options if option.misconception]
    assert not [each for each in wrong if each in shown or each.replace("-", " ") in shown]
    assert not [mark for mark in RIGHT if mark in shown]
    room.act("ask_again")
    assert 'class="option"' not in html(room)


def test_the_board_of_a_room_that_is_paused_over_or_closed_has_one_sentence(room):
    room.act("begin", "pause")
    assert "paused" in html(room)
    room.act("resume", *["skip"] * len(room.view.room.lesson.steps))
    assert "over" in html(room)
    room.act("close")
    assert "closed" in html(room)
    assert not board.page(room.view).status


def test_a_question_for_a_number_names_none_before_the_result(server):
    room = Classroom.open(server.rooms, server.database, HOST, ALL_KINDS)
    numbers = [option.text for option in room.view.room.step.options]
    room.act("begin")
    shown = [html(room)]
    room.act("freeze")
    shown.append(html(room))
    assert all("Answer with a number." in each for each in shown)
    assert not [each for each in shown for number in numbers if number in each]
    room.act("reveal", "more", "more")
    assert all(number in html(room) for number in numbers)
