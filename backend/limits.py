"""The largest model that a job may build and the longest measurement, checked in the server: widgets only advise."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from backend.config.settings import Settings
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.jobs.messages import Payload
from backend.lab.gradients_job import MOST_NUMBERS, GradientsJob, expected_seconds, unmeasurable
from backend.network.parameters import parameters
from backend.speed.job import SpeedJob
from backend.training.duration import DurationEstimator
from backend.words import about


@runtime_checkable
class HasArchitecture(Protocol):
    """A payload of a job on one architecture."""

    @property
    def architecture(self) -> Architecture:
        """The architecture of the job's models."""
        ...


def architecture_of(payload: Payload) -> Architecture | None:
    """The architecture that a job is about; None if it is about none."""
    return payload.architecture if isinstance(payload, HasArchitecture) else None


def too_large(payload: Payload, settings: Settings) -> str | None:
    """Why the model of `payload` is too large for this server, in a sentence; None if it is not, or there is none.

    Parameters are counted in the Functional style, which can express every architecture.
    """
    architecture = payload.largest_architecture if isinstance(payload, SpeedJob) else architecture_of(payload)
    if architecture is None:
        return None
    count = parameters(architecture, STYLES["functional"])
    if count <= settings.parameters_per_model:
        return _too_long(payload, settings, count) if isinstance(payload, GradientsJob) else None
    return (
        f"This model has {count:,} parameters, but this server accepts at most {settings.parameters_per_model:,}. "
        "Use fewer units, layers or heads."
    )


def _too_long(job: GradientsJob, settings: Settings, count: int) -> str | None:
    """Why the heads of a model with `count` parameters cannot be measured, in a sentence; None if they can be."""
    if reason := unmeasurable(job.experiment):
        return reason
    heads = len(job.architecture.heads)
    if heads * count > MOST_NUMBERS:
        return (
            f"The gradients of {heads} heads by {count:,} parameters have {heads * count:,} numbers, but a measurement "
            f"takes at most {MOST_NUMBERS:,}. Use fewer units, layers or heads."
        )
    seconds = expected_seconds(job.experiment, DurationEstimator())
    if seconds > settings.seconds_per_job:
        return (
            f"This measurement is expected to take {about(seconds)}, but this server stops a job after "
            f"{about(settings.seconds_per_job).removeprefix('about ')}. Use fewer epochs, sequences, heads or units."
        )
    return None
