"""The seeds of a room: trained while people join and think, and read elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.experiment.training import Training
from backend.jobs import JobManager
from backend.lessons import parse
from backend.rooms.class_result import SeedRun, judge
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
    experiments = {who.number: experiment_of(opened, STEP, who.number) for who in everybody}
    assert len({each.training.seed for each in experiments.values()}) == PARTICIPANTS
    assert len(training.of_step(room.view).needed) == PARTICIPANTS + 1

    until(lambda: services.jobs.running > 0 and bool(training.of_step(room.view).done), "trained while people join")
    mine = services.runs.train(STEP.experiment.model_copy(update={"training": Training(epochs=1, seed=99)}), "ada")
    assert services.jobs.wait(mine.job, 200).state == "finished"
    assert training.of_step(room.view).missing, "a visitor's own job goes before the room's other seeds"

    room.act("begin")
    until(lambda: not training.of_step(room.view).missing, "every seed is trained")
    until(lambda: not training.of_step(room.view).awaited, "what the first option says to try is trained")
    room.act("freeze")
    done = training.of_step(room.view).done
    assert sorted(done) == [-1, *range(1, PARTICIPANTS + 1)]
    assert len({run.values for number, run in done.items() if number > 0}) == PARTICIPANTS
    for number, run in list(done.items())[:3]:
        experiment = experiment_of(opened, STEP, number)
        alone = services.jobs.wait(services.runs.train(experiment, "bob", again=True).job, 200).result
        assert run == SeedRun.of(number, STEP, experiment, alone.epochs)
        assert run.seed == experiment.training.seed
    assert judge(STEP, [run for number, run in done.items() if number > 0]) is not None

    other = open_room(services)
    other.join(*(f"visitor {n}" for n in range(PARTICIPANTS)))
    until(lambda: other.view is not None and services.jobs.running > 0, "the seeds of another room train")
    other.rooms.host.delete(other.id)
    until(lambda: services.jobs.running == services.jobs.queue_length == 0, "a deleted room trains nothing")

    assert services.database.flush()
    trained = services.jobs.registry
    later = Services.build(services.config)
    again = room.seen_by(later.rooms, later.database)
    assert again.view.room == room.view.room
    until(lambda: later.rooms.training.of_step(again.view).done == done, "another server reads them")
    assert later.jobs.registry.running == later.jobs.queue_length == 0
    assert trained.running == 0
    again.act("skip")
    later.rooms.training.restore(again.view, 0)
    assert later.rooms.training.of_step(again.view, 0).done == done
    later.close()
