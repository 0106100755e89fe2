"""The metrics: what they count, and until when."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from backend.config.settings import Settings
from backend.database import Database
from backend.experiment import Experiment
from backend.jobs import JobManager
from backend.training.job import TrainJob
from backend.web.monitoring import report_to_operator
from backend.worker.kinds import JOB_KINDS
from harness.local import free_port, until
from tests.builders.asgi import get

COOKIE = "the-cookie-of-one-visitor"


def value(text: str, name: str, **labels: str) -> float | None:
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return next((s.value for s in samples if s.name == name and labels.items() <= s.labels.items()), None)


def test_jobs_are_counted_until_the_end(tmp_path: Path) -> None:
    port = free_port()
    jobs = JobManager(Settings(workers=1, queue_limit=1), JOB_KINDS)
    database = Database(tmp_path)
    with report_to_operator(jobs, database, Settings(metrics_port=port), lambda: 0):
        waiting, refused = (jobs.submit(COOKIE, "train", TrainJob(experiment=Experiment())) for _ in range(2))
        jobs.cancel(COOKIE, waiting.id)

        def scraped(state: str) -> float | None:
            text = get(f"127.0.0.1:{port}", "/metrics").read().decode()
            assert COOKIE not in text
            return value(text, "twoheads_jobs_total", kind="train", state=state)

        until(lambda: scraped("cancelled") == scraped(refused.state) == 1, "counted jobs")
    with pytest.raises(ConnectionRefusedError):
        get(f"127.0.0.1:{port}", "/metrics")
