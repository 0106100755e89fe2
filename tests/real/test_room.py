"""The seeds of a room: trained while people join and think, and read elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.jobs import JobManager
from backend.lessons import parse
from backend.rooms.class_result import SeedRun
from backend.rooms.training import experiment_of
from backend.services import Services
from backend.services import services as services_of_this_process
from harness.local import until
from tests.builders.lessons import GOLDEN
from tests.builders.rooms import Classroom

pytestmark = pytest.mark.jobs

#: One architecture with few epochs, so that a worker traces it once.
LESSON = parse(GOLDEN.replace("epochs=3&samples=64", "epochs=2&samples=64&lstm=4"))
STEP = LESSON.steps[0]
#: More than one job trains.
PARTICIPANTS = 40


@pytest.fixture
def services(workers: JobManager) -> Iterator[Services]:
    """A server with a worker, which is idle first."""
    until(lambda: workers.idle())
    mine = services_of_this_process()
    workers.on_end(mine.record_end)
    yield mine
    workers.on_end(lambda job: None)


def open_room(services: Services) -> Classroom:
    return Classroom.open(services.rooms, services.database, lesson=LESSON)


@pytest.mark.takes("a worker starts and trains a class")
def test_a_class_is_trained_while_it_thinks(services: Services) -> None:
    room = open_room(services)
    everybody = room.join(*(f"visitor {n}" for n in range(PARTICIPANTS)))
    training, opened = room.rooms.training, room.opened.room
    until(lambda: bool(training.of_step(room.view).done), "trained while people join")
    room.act("begin")
    until(lambda: not training.of_step(room.view).awaited, "every seed, and what the first option says to try")
    done = training.of_step(room.view).done
    assert sorted(done) == [-1, *range(1, PARTICIPANTS + 1)]
    assert len({run.values for number, run in done.items() if number > 0}) == PARTICIPANTS
    for who in everybody[:3]:
        experiment = experiment_of(opened, STEP, who.number)
        alone = services.jobs.wait(services.runs.train(experiment, "bob", again=True).job, 200).result
        assert done[who.number] == SeedRun.of(who.number, STEP, experiment, alone.epochs)

    other = open_room(services)
    other.join(*(f"visitor {n}" for n in range(PARTICIPANTS)))
    other.rooms.host.delete(other.id)
    until(lambda: services.jobs.running == services.jobs.queue_length == 0, "a deleted room trains nothing")

    assert services.database.flush()
    later = Services.build(services.config)
    again = room.seen_by(later.rooms, later.database)
    until(lambda: later.rooms.training.of_step(again.view).done == done, "another server reads them")
    assert later.jobs.registry.running == later.jobs.queue_length == 0
    later.close()
