"""The job that measures the gradients of a visitor's heads: payload, events, and the jobs that all visitors share."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated

from pydantic import Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.jobs.cache import JobCache
from backend.jobs.job import Job
from backend.jobs.manager import JobManager
from backend.jobs.messages import Payload, Phase, Progress
from backend.lab.gradients import measured_epochs
from backend.training.duration import DurationEstimator
from backend.training.job import compiled_styles
from backend.weightings import MOST_HEADS

KIND = "gradients"
#: Numbers of all heads' gradients together, of which a worker holds some copies in float64.
MOST_NUMBERS = 8_000_000


class GradientsJob(Payload):
    """The payload of a `gradients` job: the experiment without the labels of its heads. Its result is `Gradients`."""

    experiment: Experiment

    @property
    def architecture(self) -> Architecture:
        """The architecture of the model."""
        return self.experiment.architecture

    @property
    def affinity(self) -> Hashable:
        """What the worker compiles to train it: the same as for a training."""
        return compiled_styles(self.experiment)


#: What a `gradients` job reports. Its phases are those of a training; `Progress` comes after each measurement.
GradientsEvent = Annotated[Phase | Progress, Field(discriminator="event")]


def expected_seconds(experiment: Experiment, estimator: DurationEstimator) -> float:
    """The expected seconds of a measurement, its training included."""
    return estimator.measuring(experiment, len(measured_epochs(experiment.training.epochs)))


def unmeasurable(experiment: Experiment) -> str | None:
    """Why no gradients of these heads are compared, in a sentence; None if they can be."""
    count = len(experiment.architecture.heads)
    if count == 1:
        return "This model has one head, and nothing to compare it with: a conflict needs at least two."
    if count > MOST_HEADS:
        return f"This model has {count} heads, and the measurement takes at most {MOST_HEADS}. Remove some."
    return None


class GradientsJobs:
    """The measurements of all visitors, each computed once for equal experiments."""

    def __init__(self, jobs: JobManager, size: int = 256) -> None:
        self._cache = JobCache(jobs, KIND, size)

    def measure(self, experiment: Experiment, visitor: str) -> Job:
        """The job that measures this experiment: a finished one, one that runs, or a new one."""
        return self._cache.request(experiment.key(), GradientsJob(experiment=experiment.unlabelled()), visitor)

    def find(self, experiment: Experiment, visitor: str) -> Job | None:
        """The job, whoever requested it; None if there is none. Failed jobs are visible only to who requested them."""
        return self._cache.find(experiment.key(), visitor)

    def awaits(self, experiment: Experiment, visitor: str) -> bool:
        """Whether the visitor waits for it."""
        return self._cache.awaits(experiment.key(), visitor)

    def release(self, experiment: Experiment, visitor: str) -> None:
        """The visitor no longer waits for it. It is cancelled unless somebody else does."""
        self._cache.release(experiment.key(), visitor)
