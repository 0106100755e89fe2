"""What visitors have started is stored, so that after a restart the server can say what was interrupted."""

import time

import pytest
from sqlalchemy import func, insert, select, update

from backend.database.tables import started_jobs
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.training import Training
from backend.experiment.url import write_query
from backend.jobs import Job
from backend.jobs.messages import Payload
from backend.jobs.registry import JobRegistry
from backend.training.started import StartedJobs
from tests.builders.storage import BOTH, sqlite_first

storage = sqlite_first

MINE = Experiment(training=Training(epochs=7))


class Servers:
    """A server with the database, and those after it."""

    def __init__(self, storage):
        self._storage = storage
        self.database = storage.open()
        self.store = StartedJobs(self.database)

    def restart(self):
        """The store of the next server, after this one has stopped."""
        self.database = self._storage.restarted(self.database)
        self.store = StartedJobs(self.database)
        return self.store

    def write(self, statement, rows=None):
        self.database.write(lambda connection: connection.execute(statement, rows))
        assert self.database.flush()


@pytest.fixture
def servers(storage):
    return Servers(storage)


def begin(store, visitor, experiment=MINE, kind="train", job=None, **parts):
    jobs = parts or {"": job or Job(visitor, kind, Payload())}
    for part, started in jobs.items():
        store.begin(visitor, write_query(experiment.unlabelled()), started, part)
    return next(iter(jobs.values()))


def end(job, state):
    board = JobRegistry(4, 100)
    board.add(job)
    board.take(1)
    board.end(job, state)
    return job


@BOTH
def test_after_a_restart_the_latest_run_of_each_visitor_is_known(servers):
    server = servers.store
    begin(server, "ada", Experiment())
    begin(server, "ada", MINE)
    begin(server, "bob", Experiment())
    assert server.interrupted("ada", "train") is None, "its own runs are not lost"
    server = servers.restart()
    found = server.interrupted("ada", "train")
    assert (found.experiment, found.finished, found.kind) == (MINE, False, "train")
    assert found.at == pytest.approx(time.time(), abs=60)
    assert server.interrupted("bob", "train").experiment == Experiment()
    assert server.interrupted("cy", "train") is None


@BOTH
def test_another_server_that_still_runs_has_interrupted_nothing(servers, storage):
    begin(servers.store, "ada")
    assert servers.database.flush()
    assert StartedJobs(storage.open()).interrupted("ada", "train") is None


@BOTH
@pytest.mark.parametrize(
    ("state", "finished"), [("finished", True), ("lost", False), ("failed", None), ("cancelled", None)]
)
def test_the_end_of_a_job_is_stored_for_all_who_waited_for_it(servers, state, finished):
    server = servers.store
    job = begin(server, "ada")
    begin(server, "bob", job=job)
    other = begin(server, "cy")
    server.record_end(end(job, state))
    server.record_end(end(other, "finished"))
    server = servers.restart()
    for visitor in ("ada", "bob"):
        found = server.interrupted(visitor, "train")
        assert (found and found.finished) == finished
    assert server.interrupted("cy", "train").finished


def test_several_jobs_of_one_kind_are_finished_once_all_are(servers):
    server = servers.store
    shapes, speed = (Job("ada", "claim", Payload()) for _ in range(2))
    begin(server, "ada", kind="claim", shapes=shapes, speed=speed)
    server.record_end(end(shapes, "finished"))
    found = servers.restart().interrupted("ada", "claim")
    assert (set(found.parts), found.finished) == ({"shapes", "speed"}, False)


@BOTH
def test_a_repeated_or_dismissed_run_is_no_longer_lost(servers):
    for visitor in ("ada", "bob"):
        begin(servers.store, visitor)
    second = servers.restart()
    assert second.interrupted("ada", "train")
    second.forget("ada", "train")
    begin(second, "bob", Experiment())
    assert second.interrupted("ada", "train") is second.interrupted("bob", "train") is None
    third = servers.restart()
    assert third.interrupted("ada", "train") is None
    assert third.interrupted("bob", "train").experiment == Experiment()


def test_the_database_contains_no_personal_data(servers):
    heads = (Head.for_task("level", label="Ada's wind"),)
    begin(servers.store, "a secret cookie", Experiment(architecture=Architecture(heads=heads)))
    assert servers.database.flush()
    (row,) = servers.database.read(lambda connection: connection.execute(select(started_jobs)).all())
    assert "secret" not in str(row)
    assert "wind" not in str(row)


@BOTH
def test_old_runs_and_unreadable_rows_are_skipped(servers):
    for kind in ("train", "speed", "claim"):
        begin(servers.store, "ada", kind=kind)
    kind = started_jobs.c.kind
    servers.write(update(started_jobs).where(kind == "speed").values(at=time.time() - 48 * 3600))
    servers.write(update(started_jobs).where(kind == "claim").values(query="heads=" + "%00" * 10))
    server = servers.restart()
    assert server.interrupted("ada", "train").experiment == MINE
    assert server.interrupted("ada", "speed") is None
    server.interrupted("ada", "claim")


@BOTH
def test_a_bounded_number_of_visitors_is_stored(servers):
    begin(servers.store, "ada")
    rows = [
        {"visitor": f"{n:032}", "kind": "train", "part": "", "query": "lstm=8", "job": "", "server": "", "at": float(n)}
        for n in range(5000)
    ]
    servers.write(insert(started_jobs), [row | {"finished": False} for row in rows])
    server = servers.restart()  # which deletes the oldest rows when it stores its first one
    begin(server, "bob")
    assert servers.database.flush()
    count = select(func.count()).select_from(started_jobs)
    assert servers.database.read(lambda connection: connection.execute(count).scalar()) == 2000
    server = servers.restart()
    assert server.interrupted("ada", "train").experiment == server.interrupted("bob", "train").experiment == MINE
