"""The largest model that a job may build, checked in the server: the bounds of a browser's widgets are only advice."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from backend.config.settings import Settings
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.jobs.messages import Payload
from backend.network.parameters import parameters
from backend.speed.job import SpeedJob


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
        return None
    return (
        f"This model has {count:,} parameters, but this server accepts at most {settings.parameters_per_model:,}. "
        "Use fewer units, layers or heads."
    )
