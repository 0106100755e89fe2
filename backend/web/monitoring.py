"""Reports to the operator: a line in the log for each job that has ended, and metrics for Prometheus."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread

from backend.config.settings import Settings
from backend.database import Database
from backend.jobs import Job, JobManager
from backend.web import job_log
from backend.web.metrics import Metrics

log = logging.getLogger(__name__)


@contextmanager
def report_to_operator(
    jobs: JobManager,
    database: Database,
    settings: Settings,
    sessions: Callable[[], int],
    *listeners: Callable[[Job], None],
) -> Iterator[None]:
    """Log and count the jobs that end inside the block. `sessions` returns the number of connected browser tabs.

    `listeners` are called with each of these jobs too, on a thread on which they may wait for a disk.

    Raises OSError if the port of the metrics cannot be opened.
    """
    job_log.to_stdout()
    metrics = Metrics(jobs, sessions, database)
    close = metrics.serve(settings.metrics_host, settings.metrics_port) if settings.metrics_port else None
    ended = EndedJobs(job_log.write, metrics.record, *listeners)
    jobs.on_end(ended)
    try:
        yield
    finally:
        ended.stop()
        if close is not None:
            close()


class EndedJobs:
    """A queue of ended jobs: calls each of `listeners`, in order, with each job that it is called with.

    It has its own thread, so that a slow or failing listener delays no job.
    """

    def __init__(self, *listeners: Callable[[Job], None]) -> None:
        self._listeners = listeners
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = Thread(target=self._notify, name="ended jobs", daemon=True)
        self._thread.start()

    def __call__(self, job: Job) -> None:
        self._jobs.put(job)

    def stop(self, timeout: float = 2) -> None:
        """Call the listeners with the jobs that have ended so far and no others. Waits at most `timeout` seconds."""
        self._jobs.put(None)
        self._thread.join(timeout)

    def _notify(self) -> None:
        while (job := self._jobs.get()) is not None:
            for listener in self._listeners:
                try:
                    listener(job)
                except Exception:
                    log.exception("job %s has ended, and a listener failed", job.id[:8])
