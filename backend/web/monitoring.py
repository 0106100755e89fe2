"""What the operator learns of jobs and server: a line of JSON for each job at its end, and metrics for Prometheus.

Neither contains a visitor's cookie or any text of theirs.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

from backend.config.settings import Settings, variable
from backend.database import Database
from backend.jobs import Job, JobManager
from backend.jobs.messages import Payload
from backend.limits import largest

log = logging.getLogger(__name__)
#: Writes the lines about jobs to standard output, whatever other logging is set up.
job_log = logging.getLogger("twoheads.jobs")

#: New at each start of the server. So lines of two starts cannot be joined, and a cookie cannot be looked up in them.
_salt = secrets.token_bytes(16)
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
    """Log and count the jobs that end inside the block. `sessions` returns the number of connected browser tabs.

    `listeners` are called with each of these jobs too, on a thread on which they may wait for a disk.

    Raises OSError if the port of the metrics cannot be opened.
    """
    _log_jobs_to_stdout()
    registry = CollectorRegistry()
    record = _metrics(registry, jobs, database, sessions)
    port = settings.metrics_port
    server = start_http_server(port, settings.metrics_host, registry)[0] if port else None

    def notify(job: Job) -> None:
        for listener in (lambda job: job_log.info(json.dumps(line(job))), record, *listeners):
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


def line(job: Job) -> dict[str, Any]:
    """The line of a job that has ended. `wait` and `run` are seconds; `run` is None for a job that never ran."""
    view = job.view()
    ended = view.finished_at or view.submitted_at
    ran = view.started_at is not None
    return {
        "event": "job",
        "at": datetime.fromtimestamp(ended, UTC).isoformat(timespec="milliseconds"),
        "job": job.id[:8],
        "visitor": pseudonym(job.visitor),
        "kind": job.kind,
        "model": _size(job.payload),
        "wait": round((view.started_at or ended) - view.submitted_at, 3),
        "run": round(ended - (view.started_at or ended), 3) if ran else None,
        "outcome": view.state,
    }


def pseudonym(visitor: str) -> str:
    """A short name, unique to a visitor within one start of the server, from which no cookie can be derived."""
    return hashlib.blake2b(visitor.encode(), key=_salt, digest_size=5).hexdigest()


def _log_jobs_to_stdout() -> None:
    if not job_log.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        job_log.addHandler(handler)
    job_log.setLevel(logging.INFO)
    job_log.propagate = False


def _size(payload: Payload) -> dict[str, Any]:
    """The size of the largest model that a job builds, in numbers alone: heads have names and labels."""
    architecture = largest(payload)
    if architecture is None:
        return {}
    return {
        "timesteps": architecture.timesteps,
        "features": architecture.features,
        "lstm": list(architecture.lstm),
        "dense": [layer.units for layer in architecture.dense],
        "heads": len(architecture.heads),
    }


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
