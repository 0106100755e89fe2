"""The seeds of a room: trained by one server, read elsewhere, never in the way (`tests/real` has a worker)."""

from __future__ import annotations

from pathlib import Path

from backend.config.settings import Settings
from backend.lessons import parse
from backend.rooms import Participant
from backend.rooms.class_result import SeedRun
from backend.rooms.training import StepRuns, experiment_of
from backend.services import Services, serving
from harness.local import until
from tests.builders.lessons import GOLDEN
from tests.builders.pace import pace
from tests.builders.rooms import Classroom
from tests.builders.runs import run as saved_run

#: One architecture with few epochs, so that a worker traces it once.
LESSON = parse(GOLDEN.replace("epochs=3&samples=64", "epochs=2&samples=64&lstm=4"))
STEP = LESSON.steps[0]


def open_room(services: Services) -> Classroom:
    return Classroom.open(services.rooms, services.database, lesson=LESSON)


def save(room: Classroom, services: Services, *people: Participant) -> None:
    """Keep runs of the first step, as another server does."""
    for who in people:
        experiment = experiment_of(room.opened.room, STEP, who.number)
        services.runs.keep(saved_run(experiment=experiment), "another server")
    assert services.database.flush()


def test_an_ad_hoc_question_gets_no_runs_and_its_lesson_loses_none(tmp_path: Path) -> None:
    services = Services.build(Settings(workers=1, state_dir=tmp_path))
    with serving(services):
        room, training = open_room(services), services.rooms.training
        save(room, services, *room.join("ada", "bob"))
        training.feed(room.view, owner=False)
        room.rooms.host.add_question(room.id, "Ready?", ["yes", "no"], room.view.room.version)
        room.act("begin")
        assert (training.of_step(room.view).needed, training.of_step(room.view).done) == ((), {})
        assert training.of_step(room.view, 1).done.keys() == {1, 2}, "the runs stay with their step"
        save(room, services, *room.join("eve"))
        training.feed(room.view, owner=False)
        assert training.of_step(room.view, 1).done.keys() == {1, 2, 3}, "those of the next step come meanwhile"
        services.close()


def test_a_room_is_trained_by_the_server_that_owns_it_alone(recorded: Services, tmp_path: Path) -> None:
    until(lambda: recorded.jobs.idle())
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


def test_a_server_that_has_seen_some_runs_of_a_step_reads_the_others_later(tmp_path: Path) -> None:
    services = Services.build(Settings(workers=1, state_dir=tmp_path))
    with serving(services):
        room, training = open_room(services), services.rooms.training
        ada, bob = room.join("ada", "bob")
        save(room, services, ada)
        training.feed(room.view, owner=False)
        room.act("begin", "skip")
        assert training.of_step(room.view, 0).done.keys() == {ada.number}
        save(room, services, bob)
        training.restore(room.view, 0)
        assert training.of_step(room.view, 0).done.keys() == {ada.number, bob.number}
        services.close()


def test_a_step_waits_for_what_its_options_say_to_try_too() -> None:
    run = SeedRun(1, 1, (1.0,), (2.0,), (2.0,))
    runs = StepRuns(needed=(1, 2, -1), done={1: run}, failures=frozenset({2}))
    assert (runs.missing, runs.failed, runs.awaited) == ({2}, {2}, {-1}), "what has failed does not come"


def test_a_room_that_waits_for_workers_puts_no_job_before_a_visitors(tmp_path: Path) -> None:
    services = Services.build(Settings(workers=1, state_dir=tmp_path))
    with serving(services):
        room = open_room(services)
        room.join("ada")
        room.act("begin")
        assert services.jobs.queue_length == 0, "no worker is ready, so nothing waits in front of anybody"
        room.rooms.host.delete(room.id)
        until(lambda: room.rooms.view(room.id) is None, "the room has gone")
        services.close()
