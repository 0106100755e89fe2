"""Real trainings: cancelled, prepared, of a visitor's own table, and of a room."""

import numpy as np
import pytest

from backend.activity import activities
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.experiment.url import read_query
from backend.lessons import parse
from backend.own_csv.reader import ReadTableJob
from backend.rooms.class_result import SeedRun
from backend.rooms.training import experiment_of
from backend.services import Services
from backend.services import services as services_of_this_process
from backend.training.job import TrainJob, epochs_of
from harness.local import until
from tests.builders.lessons import GOLDEN
from tests.builders.own_tables import real_file, real_table
from tests.builders.rooms import Classroom

pytestmark = pytest.mark.jobs

#: A visitor of this file alone: the tests of a process share one server.
ADA = "whose training is prepared"
#: Little to trace, and no other test has it.
EXPERIMENT = Experiment(
    architecture=Architecture(lstm=(11,), timesteps=4), sequences=Sequences(samples=300), training=Training(epochs=2)
)
#: Visitors of one test alone.
OWNER, OTHER = "the owner of the table", "another visitor beside the owner"
#: One architecture with few epochs, so that a worker traces it once.
LESSON = parse(GOLDEN.replace("epochs=3&samples=64", "epochs=2&samples=64&lstm=4"))
STEP = LESSON.steps[0]
#: Its second question trains the class, too.
TWO = parse(
    LESSON.source.replace("page: claims", 'page: train\nset: "combine=mean"\nrun: seed')
    .replace("show: [parameters]", "show: [ratio]")
    .replace("expect: parameters = 4762", 'expect: "median(ratio) > 0"')
)
#: More than one job trains.
PARTICIPANTS = 40


@pytest.fixture
def services(workers):
    """A server with a worker, which is idle first."""
    until(lambda: workers.idle)
    mine = services_of_this_process()
    workers.on_end(mine.record_end)
    yield mine
    workers.on_end(lambda job: None)


def train(jobs, visitor, experiment=EXPERIMENT):
    return jobs.submit(visitor, "train", TrainJob(experiment=experiment))


def result(jobs, job):
    view = jobs.wait(job, 300)
    assert (view.state, view.message) == ("finished", "")
    return view.result


def test_a_cancelled_training_ends_and_the_next_one_runs(workers):
    until(lambda: workers.idle)
    architecture = Architecture(lstm=(20,), timesteps=4)
    job = train(workers, "ada", Experiment(architecture=architecture, training=Training(epochs=100)))
    until(lambda: bool(epochs_of(job.events)))
    assert workers.cancel("ada", job.id)
    workers.cancel("ada", job.id)  # an impatient visitor
    view = workers.wait(job, 120)
    assert (view.state, view.message) == ("cancelled", "Cancelled.")
    after = train(workers, "ada", Experiment(architecture=architecture, training=Training(epochs=1)))
    result(workers, after)
    assert not workers.cancel("ada", after.id), "it has ended"
    assert after.state == "finished"


def test_a_prepared_training_traces_nothing(idle_workers):
    services, ended = services_of_this_process(), []
    idle_workers.on_end(ended.append)
    try:
        assert services.runs.prepare(EXPERIMENT, ADA)
        until(lambda: bool(ended) or any(worker.job for worker in idle_workers.workers()))
        assert activities(ADA) == []
        until(lambda: bool(ended))
    finally:
        idle_workers.on_end(lambda job: None)
    assert [(job.kind, job.state) for job in ended] == [("prepare", "finished")]
    assert activities(ADA) == []
    assert services.runs.latest(ADA) is None
    assert result(idle_workers, train(idle_workers, ADA)).timings.traced == 0


def test_a_run_is_its_visitors_alone_and_goes_with_the_table(workers):
    mine = services_of_this_process()
    tables, runs, saved = mine.own_tables, mine.runs, mine.run_store
    reading = ReadTableJob(text=real_file().decode())
    kept = workers.wait(workers.submit(OWNER, reading.kind, reading, urgent=True), 120).result
    assert kept == real_table(), "a worker parses the file"
    tables.keep(kept, OWNER)
    query = {"csv": [f"{kept.id}.1-3.2"], "head": ["a.number_1", "b.class_2.3"], "left": ["functional"]}
    experiment, notices = read_query(query | {"right": ["subclassing"], "lstm": ["4"], "timesteps": ["3"]})
    assert not notices
    job = runs.train(experiment, OWNER).job
    assert workers.wait(job, 120).state == "finished"
    run = runs.train(experiment, OWNER).job.view().result
    assert run.experiment == experiment
    assert np.isfinite([epoch.left.val_total for epoch in run.epochs]).all()
    assert run.epochs[-1].left.val_heads["a"] < 1, "constants have about 1"
    until(lambda: len(saved.of_visitor(OWNER)) == 1)
    assert saved.of_visitor(OTHER) == [], "nobody else's list has it"
    (entry,) = saved.of_visitor(OWNER)
    assert saved.open(entry.id)[1].experiment == experiment

    tables.keep(kept, OTHER)
    runs.train(experiment, OTHER)
    until(lambda: len(saved.of_visitor(OTHER)) == 1)
    assert mine.delete_table(kept.id, OWNER) is False
    until(lambda: saved.of_visitor(OWNER) == [])
    assert (saved.open(entry.id), runs.latest(OWNER)) == (None, None)
    assert saved.of_visitor(OTHER) != [], "who has opened the same file keeps it and their runs"
    assert mine.delete_table(kept.id, OTHER)
    until(lambda: saved.of_visitor(OTHER) == [])
    assert (tables.find(kept.id), runs.latest(OTHER)) == (None, None)


def test_a_class_is_trained_while_it_thinks(services):
    room = Classroom.open(services.rooms, services.database, lesson=LESSON)
    everybody = room.join(*(f"visitor {n}" for n in range(PARTICIPANTS)))
    training, opened = room.rooms.training, room.opened.room
    until(lambda: bool(training.of_step(room.view).done), "trained while people join")
    room.act("begin")
    until(lambda: not training.of_step(room.view).missing, "every seed")
    done = training.of_step(room.view).done
    assert sorted(done) == [*range(1, PARTICIPANTS + 1)]
    assert len({run.values for run in done.values()}) == PARTICIPANTS
    for who in everybody[:3]:
        experiment = experiment_of(opened, STEP, who.number)
        alone = services.jobs.wait(services.runs.train(experiment, "bob", again=True).job, 200).result
        assert done[who.number] == SeedRun.of(who.number, STEP, experiment, alone.epochs)

    other = Classroom.open(services.rooms, services.database, lesson=LESSON)
    other.join(*(f"visitor {n}" for n in range(PARTICIPANTS)))
    other.rooms.host.delete(other.id)
    until(lambda: services.jobs.running == services.jobs.queue_length == 0, "a deleted room trains nothing")

    assert services.database.flush()
    later = Services.build(services.config)
    again = room.seen_by(later.rooms, later.database)
    until(lambda: later.rooms.training.of_step(again.view).done == done, "another server reads them")
    assert later.jobs.registry.running == later.jobs.queue_length == 0
    later.close()


def test_idle_workers_train_the_questions_to_come_and_complete_later_what_was_revealed(services):
    room = Classroom.open(services.rooms, services.database, lesson=TWO)
    room.join("ada", "bob")
    training = room.rooms.training
    until(lambda: len(training.of_step(room.view, 1).done) == 2, "the second question, before the first one is asked")
    assert len(training.of_step(room.view, 0).done) == 2
    room.act("begin", "freeze", "reveal")
    room.join("eve")
    room.act("close")
    until(lambda: len(training.of_step(room.view, 0).done) == 3, "the result that was revealed is completed")
    assert training.of_step(room.view, 0).awaited == 0
    assert not training.is_unfinished(room.view)
    assert len(training.of_step(room.view, 1).done) == 2, "nobody has seen that of the second question"
