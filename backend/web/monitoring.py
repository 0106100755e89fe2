"""What an operator is told: a line in the log for each job that has ended, and metrics for Prometheus."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread

from backend.config.settings import Settings
from backend.jobs import Job, JobManager
from backend.web import job_log
from backend.web.metrics import Metrics

log = logging.getLogger(__name__)


@contextmanager
def report_to_operator(
    jobs: JobManager, settings: Settings, sessions: Callable[[], int], *listeners: Callable[[Job], None]
) -> Iterator[None]:
    """Log and count what ends meanwhile; `sessions` gives the number of browser tabs that are connected.

    Each job that ends is told to `listeners` too, on the same thread, where one may wait for a disk.

    Raises OSError, with a sentence, where the metrics' port is not to be had.
    """
    job_log.to_stdout()
    metrics = Metrics(jobs, sessions)
    close = metrics.serve(settings.metrics_host, settings.metrics_port) if settings.metrics_port else None
    ended = Ended(job_log.write, metrics.record, *listeners)
    jobs.on_end(ended)
    try:
        yield
    finally:
        ended.stop()
        if close is not None:
            close()


class Ended:
    """Calls each of `listeners` with each job that it is called with, in order.

    On a thread of its own: neither a slow log nor a fault in it holds up a job.
    """

    def __init__(self, *listeners: Callable[[Job], None]) -> None:
        self._listeners = listeners
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = Thread(target=self._tell, name="ended", daemon=True)
        self._thread.start()

    def __call__(self, job: Job) -> None:
        self._jobs.put(job)

    def stop(self, timeout: float = 2) -> None:
        """Tell of what has ended until now, and of no more."""
        self._jobs.put(None)
        self._thread.join(timeout)

    def _tell(self) -> None:
        while (job := self._jobs.get()) is not None:
            for listener in self._listeners:
                try:
                    listener(job)
                except Exception:
                    log.exception("job %s has ended, and could not be told of", job.id[:8])
