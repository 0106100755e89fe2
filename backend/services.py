"""The services of this server process: built once when the server starts, and read through `services()`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from backend import limits
from backend.config.settings import Settings
from backend.database import Database
from backend.experiment.own_table import tables_from
from backend.jobs import Job
from backend.jobs.manager import JobManager
from backend.jobs.messages import Payload, SharedPayload
from backend.jobs.shared import SharedJobs
from backend.lessons.library import SHIPPED, Shelf, load
from backend.lessons.progress import LessonProgress
from backend.own_csv.store import DAYS, OwnTables
from backend.own_model.store import OwnModels
from backend.questions.predictions import Predictions
from backend.rooms import Rooms
from backend.rooms.training import SeedTraining
from backend.training.duration import DurationEstimator
from backend.training.runs import TrainingRuns
from backend.training.started import StartedJobs
from backend.training.store import Bounds, RunStore
from backend.worker.kinds import JOB_KINDS


@dataclass(frozen=True)
class Services:
    """What the pages share: jobs and results, predictions, database with runs and models, estimator, lessons, rooms."""

    config: Settings
    jobs: JobManager
    shared: SharedJobs
    predictions: Predictions
    database: Database
    started_jobs: StartedJobs
    run_store: RunStore
    runs: TrainingRuns
    durations: DurationEstimator
    lessons: Callable[[], Shelf]
    progress: LessonProgress
    rooms: Rooms
    own_models: OwnModels
    own_tables: OwnTables

    @classmethod
    def build(cls, config: Settings) -> Services:
        """Services that nobody has started yet: `jobs.start()` starts the workers. It opens no file."""
        durations = DurationEstimator()
        jobs = JobManager(
            config, JOB_KINDS, partial(limits.too_large, durations=durations),
            partial(limits.expected_seconds, durations=durations),
        )  # fmt: skip
        passphrase, database = config.rooms_passphrase, database_of(config)
        predictions = Predictions(database, config.runs_days)
        bounds = Bounds(
            config.runs_days, config.runs_count, config.runs_mb, config.runs_per_visitor, config.runs_per_visitor_mb
        )
        shared, started_jobs, run_store = SharedJobs(jobs), StartedJobs(database), RunStore(database, bounds)
        runs = TrainingRuns(jobs, shared, started_jobs, run_store)
        return cls(
            config=config,
            jobs=jobs,
            shared=shared,
            predictions=predictions,
            database=database,
            started_jobs=started_jobs,
            run_store=run_store,
            runs=runs,
            durations=durations,
            lessons=partial(load, SHIPPED, *filter(None, [config.lessons])),
            progress=LessonProgress(predictions),
            rooms=Rooms(
                database,
                SeedTraining(jobs, runs, run_store, config.workers),
                passphrase.get_secret_value() if passphrase is not None else None,
            ),
            own_models=OwnModels(database, config.runs_days),
            own_tables=OwnTables(database, min(DAYS, config.runs_days)),
        )

    def record_end(self, job: Job) -> None:
        """Record that a job has ended, for pages that are opened after a restart."""
        self.started_jobs.record_end(job)
        self.runs.record_end(job)
        self.rooms.wake()

    def release(self, job: Job | None, payload: SharedPayload, visitor: str) -> None:
        """Release the job of `payload` for the visitor. After a restart, no page says that it was interrupted.

        If it trains their latest run, that is cancelled.
        """
        latest = self.runs.latest(visitor)
        if latest is not None and latest.job is job:
            self.runs.cancel(latest, visitor)
        else:
            self.started_jobs.forget(visitor, payload.kind, job)
            self.shared.release(payload, visitor)

    def delete_table(self, id: str, visitor: str) -> bool | None:
        """Delete a visitor's own table and their runs on it. Whoever else has opened the same file keeps both.

        Returns whether the table is deleted for everybody; None, and nothing changes, if the visitor does not own it.
        Raises `TablesUnavailable`, as `OwnTables.delete` does.
        """

        def names_it(payload: Payload) -> bool:
            return id in payload.model_dump_json()

        def is_about_it(job: Job) -> bool:
            return names_it(job.payload)

        gone = self.own_tables.delete(id, visitor)
        if gone is None:
            return None
        for job in self.jobs.registry.followed_jobs(visitor, JOB_KINDS):
            payload = job.followers.get(visitor)
            if payload is not None and names_it(payload):
                self.jobs.registry.unfollow(job, visitor)
                if isinstance(payload, SharedPayload):
                    self.release(job, payload, visitor)
        self.runs.forget(visitor, is_about_it)
        self.run_store.delete_on_table(visitor, id)
        if gone:
            self.shared.discard(is_about_it)
        return gone

    def close(self) -> None:
        """Stop the workers, and write what still has to go to the database."""
        self.rooms.close()
        self.jobs.stop()
        self.database.close()


def database_of(config: Settings) -> Database:
    """The database that the settings name. It is not opened yet."""
    url = config.database_url
    return Database(config.state_dir, url.get_secret_value() if url is not None else None)


_current: Services | None = None


def services() -> Services:
    """The services of this process. Raises RuntimeError outside `serving`."""
    if _current is None:
        raise RuntimeError("no services: the server's lifespan, or a test, has to enter `serving` first")
    return _current


@contextmanager
def serving(new: Services) -> Iterator[Services]:
    """Make `new` the services of this process, and restore the ones before at the end. It starts and stops nothing."""
    global _current
    before, _current = _current, new
    try:
        with tables_from(new.own_tables.find):
            yield new
    finally:
        _current = before
