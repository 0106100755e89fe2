"""The job log and the metrics: what they say about jobs that have ended, and what they leave out."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from backend.config.settings import Settings
from backend.database import Database
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.jobs import Job, JobManager
from backend.jobs.messages import Phase
from backend.jobs.registry import JobRegistry
from backend.training.job import TrainJob
from backend.web import monitoring
from backend.web.monitoring import report_to_operator
from backend.worker.kinds import JOB_KINDS
from harness.local import free_port, until
from tests.builders.asgi import get

COOKIE = "the-cookie-of-one-visitor"
LABEL = "Anna's blood pressure"
EXPERIMENT = Experiment(
    architecture=Architecture(
        lstm=(16, 8), heads=(Head(name="anna", label=LABEL), Head(name="other"), Head(name="third"))
    )
)


@pytest.fixture
def registry() -> tuple[JobRegistry, list[Job]]:
    ended: list[Job] = []
    registry = JobRegistry(keep_per_visitor=4, keep_in_all=10)
    registry.on_end = ended.append
    return registry, ended


def train(kind: str = "train") -> Job:
    return Job(COOKIE, kind, TrainJob(experiment=EXPERIMENT))


def finished(registry: JobRegistry, job: Job) -> Job:
    registry.add(job)
    assert registry.take(1) is job
    registry.report(job.id, Phase(phase="training"))
    registry.end(job, "finished", result={"loss": 1})
    return job


def test_a_line_has_sizes_and_times_and_no_text_of_the_visitor(registry: tuple[JobRegistry, list[Job]]) -> None:
    job = finished(registry[0], train())
    line = monitoring.line(job)
    assert line["job"] == job.id[:8]
    assert (line["kind"], line["outcome"]) == ("train", "finished")
    assert line["model"] == {"timesteps": 10, "features": 2, "lstm": [16, 8], "dense": [8], "heads": 3}
    assert 0 <= line["wait"] < 5
    assert 0 <= line["run"] < 5
    assert line["visitor"] == monitoring.pseudonym(COOKIE) != monitoring.pseudonym("another")
    text = json.dumps(line)
    for secret in (COOKIE, COOKIE[:6], LABEL, "anna", "blood", job.id):
        assert secret not in text


def value(text: str, name: str, **labels: str) -> float | None:
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return next((s.value for s in samples if s.name == name and labels.items() <= s.labels.items()), None)


def test_jobs_are_logged_and_counted_until_the_end(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(monitoring, "job_log", logging.Logger("twoheads.jobs of this test"))
    port = free_port()
    jobs = JobManager(Settings(workers=1, queue_limit=1), JOB_KINDS)
    database = Database(tmp_path)
    with report_to_operator(jobs, database, Settings(metrics_port=port), lambda: 0):
        waiting = jobs.submit(COOKIE, "train", TrainJob(experiment=EXPERIMENT))
        refused = jobs.submit(COOKIE, "train", TrainJob(experiment=EXPERIMENT))
        jobs.cancel(COOKIE, waiting.id)

        def scraped() -> float | None:
            text = get(f"127.0.0.1:{port}", "/metrics").read().decode()
            return value(text, "twoheads_jobs_total", kind="train", state="cancelled")

        until(lambda: scraped() == 1, "a counted job")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["job"], line["outcome"]) for line in lines] == [
        (refused.id[:8], "refused"),
        (waiting.id[:8], "cancelled"),
    ]
    with pytest.raises(ConnectionRefusedError):
        get(f"127.0.0.1:{port}", "/metrics")
