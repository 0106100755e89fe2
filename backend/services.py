"""The services of this server process: built once when the server starts, and read through `services()`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from backend import limits
from backend.claims.evidence import ClaimEvidence
from backend.claims.predictions import Predictions
from backend.config.settings import Settings
from backend.jobs.manager import JobManager
from backend.lab.answers import Answers
from backend.lab.gradients_job import GradientsJobs
from backend.mistakes.jobs import MistakeJobs
from backend.network.inspection import Inspections
from backend.topologies.jobs import TopologyJobs
from backend.training.duration import DurationEstimator
from backend.training.runs import TrainingRuns
from backend.training.store import RunStore
from backend.worker.kinds import JOB_KINDS


@dataclass(frozen=True)
class Services:
    """What the pages share: the job manager, the caches of results, the run store and the duration estimator."""

    config: Settings
    jobs: JobManager
    inspections: Inspections
    evidence: ClaimEvidence
    predictions: Predictions
    topologies: TopologyJobs
    gradients: GradientsJobs
    answers: Answers
    mistakes: MistakeJobs
    run_store: RunStore
    runs: TrainingRuns
    durations: DurationEstimator

    @classmethod
    def build(cls, config: Settings) -> Services:
        """Services that nobody has started yet: `jobs.start()` starts the workers. Reads the run store from disk."""
        jobs = JobManager(config, JOB_KINDS, limits.too_large)
        run_store = RunStore(config.state_dir)
        return cls(
            config=config,
            jobs=jobs,
            inspections=Inspections(jobs),
            evidence=ClaimEvidence(jobs),
            predictions=Predictions(),
            topologies=TopologyJobs(jobs),
            gradients=GradientsJobs(jobs),
            answers=Answers(jobs),
            mistakes=MistakeJobs(jobs),
            run_store=run_store,
            runs=TrainingRuns(jobs, run_store, megabytes=config.keep_mb),
            durations=DurationEstimator(),
        )


_current: Services | None = None


def services() -> Services:
    """The services of this process. Raises RuntimeError outside `serving`."""
    if _current is None:
        raise RuntimeError("no services: the server's lifespan, or a test, has to enter `serving` first")
    return _current


@contextmanager
def serving(new: Services) -> Iterator[Services]:
    """Make `new` the services of this process, and restore those before at the end. It starts and stops nothing."""
    global _current
    before, _current = _current, new
    try:
        yield new
    finally:
        _current = before
