"""The seeds of a room: trained by one server, read elsewhere, never in the way (`tests/real` has a worker)."""

from __future__ import annotations

from pathlib import Path

from backend.config.settings import Settings
from backend.lessons import parse
from backend.rooms.training import SAMPLE
from backend.services import Services
from harness.local import until
from tests.builders.lessons import GOLDEN
from tests.builders.pace import pace
from tests.builders.rooms import Classroom

#: One architecture with few epochs, so that a worker traces it once.
LESSON = parse(GOLDEN.replace("epochs=3&samples=64", "epochs=2&samples=64&lstm=4"))


def open_room(services: Services) -> Classroom:
    return Classroom.open(services.rooms, services.database, lesson=LESSON)


def test_a_room_is_trained_by_the_server_that_owns_it_alone(recorded: Services, tmp_path: Path) -> None:
    until(lambda: recorded.jobs.idle)
    pace(tmp_path, 0)  # its jobs begin and stay
    elsewhere = Services.build(Settings(workers=1, state_dir=tmp_path))
    room = open_room(elsewhere)
    room.join("ada")
    here = recorded.rooms.training
    here.feed(room.view, owner=False)
    assert recorded.jobs.running == recorded.jobs.queue_length == 0
    here.feed(room.view, owner=True)
    assert recorded.jobs.queue_length + recorded.jobs.running > 0, "the owner trains"
    here.forget(room.id)
    until(lambda: recorded.jobs.running == recorded.jobs.queue_length == 0, "it is cancelled")
    elsewhere.close()


def test_of_a_very_large_class_a_sample_is_completed_after_the_lesson(recorded: Services, tmp_path: Path) -> None:
    pace(tmp_path, 0)  # its jobs begin and stay
    room = open_room(recorded)
    people = room.join(*(f"visitor {n}" for n in range(SAMPLE + 5)))
    room.act("begin")
    room.answer(people[-1], 0)
    room.act("freeze", "reveal")
    training = recorded.rooms.training
    assert training.of_step(room.view).awaited == SAMPLE + 5
    room.act("close")
    found = training.of_step(room.view)
    assert found.awaited == SAMPLE
    assert found.needed[0] == people[-1].number, "who has answered comes first"
    assert training.of_step(room.view, 1).awaited == 0
    assert found.counted() == f"Runs of 0 of {SAMPLE + 5} participants"
