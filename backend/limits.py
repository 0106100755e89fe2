"""The most that a job may request, checked in the server: the bounds of a browser's widgets are only advice."""

from __future__ import annotations

from backend.config.settings import Settings
from backend.experiment.styles import STYLES
from backend.jobs.messages import Payload
from backend.network.parameters import parameters
from backend.payloads import Sized
from backend.training.duration import DurationEstimator


def expected_seconds(payload: Payload, durations: DurationEstimator) -> float | None:
    """The seconds that a job is expected to take in a worker; None if it does not say."""
    return payload.seconds(durations) if isinstance(payload, Sized) else None


def too_large(payload: Payload, settings: Settings, durations: DurationEstimator | None = None) -> str | None:
    """Why this server refuses `payload` for its size, in a sentence that says what to lower; None if it accepts it.

    Parameters are counted in the Functional style, which can express every architecture. A job that is expected to
    exceed the time limit by far is refused, too; `durations` is what this server has learned about running times.
    """
    if not isinstance(payload, Sized):
        return None
    return (
        payload.refusal()
        or _too_many_parameters(payload, settings)
        or payload.too_long(settings.seconds_per_job, durations or DurationEstimator())
    )


def _too_many_parameters(payload: Sized, settings: Settings) -> str | None:
    architecture = payload.largest
    count = payload.parameters or (parameters(architecture, STYLES["functional"]) if architecture else 0)
    if count <= settings.parameters_per_model:
        return None
    most = f"This model has {count:,} parameters, but this server accepts at most {settings.parameters_per_model:,}."
    return f"{most} Use fewer units, layers or heads." if architecture else most
