"""Equal experiments are trained once, and each visitor has a run of their own."""

import pytest

import backend.training.runs
from backend.config.settings import Settings
from backend.database import Database
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.training import Training
from backend.jobs import JobManager
from backend.jobs.messages import Progress
from backend.jobs.shared import SharedJobs
from backend.training.runs import TrainingRuns
from backend.training.started import StartedJobs
from backend.training.store import RunStore
from backend.worker.kinds import JOB_KINDS
from tests.builders.runs import run

DEFAULT = Experiment()
OTHER = Experiment(training=Training(seed=1))
RESULT = run()


@pytest.fixture
def jobs():
    """Real jobs of a server whose workers are not there yet; a test plays the worker."""
    return JobManager(Settings(workers=1, queue_limit=3), JOB_KINDS)


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path)
    yield database
    database.close(30)


@pytest.fixture
def runs(jobs, database):
    return runs_of(jobs, database)


def runs_of(jobs, database):
    started = StartedJobs(database)
    runs = TrainingRuns(jobs, SharedJobs(jobs), started, RunStore(database))
    jobs.on_end(lambda job: (started.record_end(job), runs.record_end(job)))
    return runs


@pytest.fixture
def clock(monkeypatch):
    """Moves the time at which a run is viewed."""
    now = [backend.training.runs.time.time()]
    monkeypatch.setattr(backend.training.runs.time, "time", lambda: now[0])

    def later(seconds):
        now[0] += seconds

    return later


def trained(jobs, epochs=10):
    job = jobs.registry.take(1)
    for n in range(epochs):
        jobs.registry.report(job.id, Progress(share=n / epochs))
    jobs.registry.end(job, "finished", result=RESULT)


def test_equal_experiments_are_trained_once(jobs, runs):
    ada, bob = runs.train(DEFAULT, "ada"), runs.train(DEFAULT, "bob")
    assert ada.job is bob.job
    assert runs.train(OTHER, "ada").job is not ada.job
    trained(jobs)
    assert {run.view().state for run in (ada, bob)} == {"finished"}, "both saw it live, so nothing is replayed"


def test_labels_stay_with_their_visitor_and_are_not_sent_to_workers(jobs, runs):
    heads = tuple(Head.for_task(task, label="my wind") for task in ("level", "trend"))
    mine = runs.train(Experiment(architecture=Architecture(heads=heads)), "ada")
    theirs = runs.train(DEFAULT, "bob")
    assert mine.job is theirs.job
    assert "wind" not in str(mine.job.payload)
    assert mine.experiment.architecture.heads[0].label == "my wind"
    assert theirs.experiment.architecture.heads[0].label == ""


def test_a_cached_run_is_replayed_and_says_when_it_was_trained(jobs, runs, clock):
    runs.train(DEFAULT, "ada")
    trained(jobs, epochs=10)
    clock(120)
    bob = runs.train(DEFAULT, "bob")
    assert bob.known_since == bob.job.view().finished_at
    view = bob.view()
    assert (view.state, view.result, view.events) == ("running", None, ())
    clock(backend.training.runs.REPLAY / 2)
    assert len(bob.view().events) == 5
    clock(backend.training.runs.REPLAY / 2)
    assert bob.view().state == "finished"
    assert bob.view().result == RESULT


def test_cancelling_ends_a_training_when_the_last_visitor_cancels(jobs, runs):
    ada, bob = runs.train(DEFAULT, "ada"), runs.train(DEFAULT, "bob")
    running = jobs.registry.take(1)
    runs.cancel(ada, "ada")
    assert ada.view().state == "cancelled"
    assert bob.view().state == "running"
    assert not running.view().cancelling
    assert runs.latest("ada") is None
    runs.cancel(bob, "bob")
    assert running.view().cancelling
    assert runs.train(DEFAULT, "cy").job is not running, "nobody joins what is being cancelled"


@pytest.mark.parametrize("end", ["cancelled", "failed", "lost"])
def test_a_cached_run_stays_cached_if_training_it_again_fails(jobs, runs, end):
    first = runs.train(DEFAULT, "ada")
    trained(jobs)
    again = runs.train(DEFAULT, "bob", again=True)
    jobs.registry.take(1)
    assert runs.train(DEFAULT, "cy").job is again.job
    jobs.registry.end(again.job, end)
    assert again.view().state == end
    assert runs.train(DEFAULT, "cy").job is first.job
    assert runs.train(DEFAULT, "cy", again=True).job not in (first.job, again.job)


def test_a_full_queue_refuses_a_run_and_the_visitor_keeps_their_latest(jobs, runs):
    for seed in range(3):
        runs.train(Experiment(training=Training(seed=seed)), f"visitor {seed}")
    late = runs.train(Experiment(training=Training(seed=9)), "visitor 0")
    assert late.view().state == "refused"
    assert runs.latest("visitor 0").experiment.training.seed == 0
    assert runs.train(Experiment(training=Training(seed=1)), "late").view().state == "queued", "to join costs nothing"
    jobs.registry.take(1)
    assert runs.train(Experiment(training=Training(seed=9)), "visitor 0").view().state == "queued"


def test_a_finished_run_is_saved_for_all_who_requested_it_and_did_not_cancel(jobs, runs, database):
    saved = RunStore(database)
    for visitor in ("ada", "bob", "cy"):
        requested = runs.train(DEFAULT, visitor)
    runs.cancel(requested, "cy")
    trained(jobs)
    runs.train(DEFAULT, "late")
    assert database.flush(60)
    assert [len(saved.of_visitor(visitor)) for visitor in ("ada", "bob", "cy", "late", "eve")] == [1, 1, 0, 1, 0]


def test_after_a_restart_a_finished_run_is_shown_and_trained_no_more(jobs, runs, database, tmp_path):
    runs.train(DEFAULT, "ada")
    trained(jobs)
    runs.train(OTHER, "bob")
    database.close(30)
    for _ in range(2):  # two restarts, one after the other
        after = Database(tmp_path)
        server = JobManager(Settings(workers=1), JOB_KINDS)
        runs = runs_of(server, after)
        latest = runs.latest("ada")
        assert latest.experiment == DEFAULT
        assert latest.job.state == "finished"
        assert latest.job.result.epochs == RESULT.epochs
        assert len(latest.job.events) == len(RESULT.epochs)
        assert latest.known_since < latest.requested_at
        assert runs.latest("bob") is None
        assert StartedJobs(after).interrupted("bob", "train").experiment == OTHER
        assert runs.train(DEFAULT, "eve").job is latest.job
        assert not server.registry.waiting
        assert runs.train(DEFAULT, "eve", again=True).job is not latest.job
        after.close()
