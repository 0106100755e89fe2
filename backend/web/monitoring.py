"""What the operator learns of jobs and server: metrics for Prometheus, which contain no text of a visitor."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

from backend.config.settings import Settings, variable
from backend.database import Database
from backend.jobs import Job, JobManager

log = logging.getLogger(__name__)
#: The bounds of the histograms, in seconds.
_SECONDS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)


@contextmanager
def report_to_operator(
    jobs: JobManager,
    database: Database,
    settings: Settings,
    sessions: Callable[[], int],
    *listeners: Callable[[Job], None],
) -> Iterator[None]:
    """Count the jobs that end inside the block. `sessions` returns the number of connected browser tabs.

    `listeners` are called with each of these jobs too, on a thread on which they may wait for a disk.

    Raises OSError if the port of the metrics cannot be opened.
    """
    registry = CollectorRegistry()
    record = _metrics(registry, jobs, database, sessions)
    port = settings.metrics_port
    server = start_http_server(port, settings.metrics_host, registry)[0] if port else None

    def notify(job: Job) -> None:
        for listener in (record, *listeners):
            try:
                listener(job)
            except Exception:
                log.exception("job %s has ended, and a listener failed", job.id[:8])

    thread = ThreadPoolExecutor(1, "ended jobs")  # so that a slow or failing listener delays no job

    def ended(job: Job) -> None:
        with suppress(RuntimeError):  # the server has stopped
            thread.submit(notify, job)

    jobs.on_end(ended)
    try:
        yield
    finally:
        thread.shutdown()
        if server is not None:
            server.shutdown()
            server.server_close()


def port_fault(settings: Settings) -> str | None:
    """A sentence if the metrics cannot be served where the settings say; None if they can, or if there are none."""
    host, port = settings.metrics_host, settings.metrics_port
    if port is None:
        return None
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server of the metrics does
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        return f"{variable('metrics_port')}='{port}': the metrics cannot be served on {host}, port {port} ({why})."
    return None


def _metrics(
    registry: CollectorRegistry, jobs: JobManager, database: Database, sessions: Callable[[], int]
) -> Callable[[Job], None]:
    """Register all metrics. Returns what counts a job that has ended; all else is measured when it is read."""
    wait = Histogram(
        "twoheads_job_wait_seconds", "From a job's submission to its start", buckets=_SECONDS, registry=registry
    )
    run = Histogram(
        "twoheads_job_run_seconds", "From a job's start to its end", ["kind"], buckets=_SECONDS, registry=registry
    )
    ended = Counter("twoheads_jobs", "Jobs that have ended", ["kind", "state"], registry=registry)
    ProcessCollector(registry=registry)
    measured: tuple[tuple[str, str, Callable[[], float]], ...] = (
        ("queue_length", "Jobs that wait for a worker", lambda: jobs.queue_length),
        ("workers", "Worker processes", lambda: len(jobs.workers())),
        ("workers_ready", "Worker processes that can take jobs", lambda: sum(each.warm for each in jobs.workers())),
        (
            "workers_idle",
            "Worker processes that can take jobs and run none that somebody waits for",
            lambda: sum(each.warm and each.job is None for each in jobs.workers()),
        ),
        ("sessions", "Browser tabs that are connected", sessions),
        ("database_up", "1 if the database can be used, 0 if not", lambda: database.problem is None),
        ("database_writes_waiting", "Writes that wait for the database", lambda: database.waiting),
    )
    for name, help, value in measured:
        Gauge(f"twoheads_{name}", help, registry=registry).set_function(value)

    def record(job: Job) -> None:
        view = job.view()
        ended.labels(job.kind, view.state).inc()
        if view.started_at is not None and view.finished_at is not None:
            wait.observe(view.started_at - view.submitted_at)
            run.labels(job.kind).observe(view.finished_at - view.started_at)

    return record
