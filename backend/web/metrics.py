"""Metrics for Prometheus, on their own host and port: queue, workers, sessions, database, and how jobs end."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from backend.config.settings import Settings, variable
from backend.database import Database
from backend.jobs import Job, JobManager

_SECONDS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)


class Metrics:
    """Counts jobs as they end; all else is measured when it is read. `sessions` returns the number of open sessions."""

    def __init__(self, jobs: JobManager, sessions: Callable[[], int], database: Database) -> None:
        self.registry = CollectorRegistry()
        self._wait = Histogram(
            "twoheads_job_wait_seconds",
            "From a job's submission to its start",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._run = Histogram(
            "twoheads_job_run_seconds",
            "From a job's start to its end",
            ["kind"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._ended = Counter("twoheads_jobs", "Jobs that have ended", ["kind", "state"], registry=self.registry)
        self.registry.register(_CurrentState(jobs, sessions, database))
        ProcessCollector(registry=self.registry)

    def record(self, job: Job) -> None:
        """Count a job that has ended."""
        view = job.view()
        self._ended.labels(job.kind, view.state).inc()
        if view.started_at is not None and view.finished_at is not None:
            self._wait.observe(view.started_at - view.submitted_at)
            self._run.labels(job.kind).observe(view.finished_at - view.started_at)

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Serve on `host` and `port` in another thread, until the returned function is called.

        Raises OSError if the port cannot be opened.
        """
        server, _ = start_http_server(port, host, self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()

        return stop


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


class _CurrentState(Collector):
    """The state at the moment of reading."""

    def __init__(self, jobs: JobManager, sessions: Callable[[], int], database: Database) -> None:
        self._jobs = jobs
        self._sessions = sessions
        self._database = database

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: the names do not have to be known before the first reading."""
        yield from ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        workers = self._jobs.workers()
        for name, help, value in (
            ("twoheads_queue_length", "Jobs that wait for a worker", self._jobs.queue_length),
            ("twoheads_workers", "Worker processes", len(workers)),
            (
                "twoheads_workers_ready",
                "Worker processes that can take jobs",
                sum(w.warm for w in workers),
            ),
            (
                "twoheads_workers_idle",
                "Worker processes that can take jobs and run none that somebody waits for",
                sum(w.warm and w.job is None for w in workers),
            ),
            ("twoheads_sessions", "Browser tabs that are connected", self._sessions()),
            ("twoheads_database_up", "1 if the database can be used, 0 if not", self._database.problem is None),
            ("twoheads_database_writes_waiting", "Writes that wait for the database", self._database.waiting),
        ):
            yield GaugeMetricFamily(name, help, value)
        failed = GaugeMetricFamily(
            "twoheads_database_last_failure_timestamp_seconds",
            "When the database last failed for a reason, in Unix time; the latest is the last failure",
            labels=["reason"],
        )
        for reason, at in dict(self._database.failures).items():
            failed.add_metric([reason], at)
        yield failed
