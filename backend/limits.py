"""The most that a job may ask for, checked in the server: the bounds of a browser's widgets are only advice."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pydantic import ValidationError

from backend.claims.job import ClaimJob
from backend.config.settings import Settings
from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.jobs.messages import Payload
from backend.lab.gradients_job import MOST_NUMBERS, GradientsJob, expected_seconds, unmeasurable
from backend.lab.job import QuestionJob
from backend.lab.questions import QUESTIONS
from backend.lab.questions.base import EXPERIMENT
from backend.mistakes.job import MistakeJob
from backend.network.job import InspectJob
from backend.network.parameters import parameters
from backend.speed.job import SpeedJob
from backend.speed.sweep import expected_seconds as point_seconds
from backend.topologies.job import TopologyInspectJob, TopologyJob
from backend.training.duration import DurationEstimator, refused
from backend.training.job import SaveModelJob, TrainJob
from backend.training.too_long import too_long
from backend.words import about

#: Seconds on an idle core that a question of the lab may take. The largest settings take about half of them.
LONGEST_QUESTION = 60.0
#: Seconds that the other kinds took on two cores, before this server has measured any.
_SECONDS: dict[type[Payload], float] = {
    ClaimJob: 3.0, TopologyJob: 40.0, MistakeJob: 3.0, InspectJob: 0.5, TopologyInspectJob: 1.0, SaveModelJob: 1.0,
}  # fmt: skip


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


def expected(payload: Payload, durations: DurationEstimator) -> float | None:
    """The seconds that a job is expected to take in a worker; None if nothing is known of its kind."""
    if isinstance(payload, TrainJob):
        return durations.seconds(payload.experiment)
    if isinstance(payload, GradientsJob):
        return expected_seconds(payload.experiment, durations)
    if isinstance(payload, QuestionJob):
        return QUESTIONS[payload.question].seconds(payload.settings)
    if isinstance(payload, SpeedJob):
        return sum(point_seconds(payload.architecture, *point) for point in payload.sweep.points())
    return next((seconds for kind, seconds in _SECONDS.items() if isinstance(payload, kind)), None)


def too_large(payload: Payload, settings: Settings, durations: DurationEstimator | None = None) -> str | None:
    """Why `payload` asks for more than this server does, in a sentence that says what to lower; None if it does not.

    A model may have so many parameters, counted in the Functional style, which can express every architecture. A
    question of the lab has to keep to the bounds of its settings, also where somebody made them without a check. What
    is expected to exceed the time limit by far is not begun; `durations` is what this server has learned of that.
    """
    durations = durations or DurationEstimator()
    if isinstance(payload, QuestionJob):
        return _question_too_large(payload, settings)
    architecture = payload.largest_architecture if isinstance(payload, SpeedJob) else architecture_of(payload)
    if architecture is None:
        return None
    if too_many := _too_many_parameters(architecture, settings):
        return too_many
    if isinstance(payload, GradientsJob):
        return _gradients_too_large(payload, settings)
    seconds = expected(payload, durations)
    if seconds is None or not refused(seconds, settings.seconds_per_job):
        return None
    if isinstance(payload, TrainJob):
        return too_long(payload.experiment, durations, settings.seconds_per_job)
    return _too_long("sweep", seconds, settings, "numbers of heads, ways of compiling, timesteps or layers")


def _too_many_parameters(architecture: Architecture, settings: Settings) -> str | None:
    count = parameters(architecture, STYLES["functional"])
    if count <= settings.parameters_per_model:
        return None
    return (
        f"This model has {count:,} parameters, but this server accepts at most {settings.parameters_per_model:,}. "
        "Use fewer units, layers or heads."
    )


def _gradients_too_large(job: GradientsJob, settings: Settings) -> str | None:
    """Why the heads of a model cannot be measured, in a sentence; None if they can be."""
    count = parameters(job.architecture, STYLES["functional"])
    if reason := unmeasurable(job.experiment):
        return reason
    heads = len(job.architecture.heads)
    if heads * count > MOST_NUMBERS:
        return (
            f"The gradients of {heads} heads by {count:,} parameters have {heads * count:,} numbers, but a measurement "
            f"takes at most {MOST_NUMBERS:,}. Use fewer units, layers or heads."
        )
    seconds = expected_seconds(job.experiment, DurationEstimator())
    if refused(seconds, settings.seconds_per_job):
        return _too_long("measurement", seconds, settings, "epochs, sequences, heads or units")
    return None


def _too_long(what: str, seconds: float, settings: Settings, fewer: str) -> str:
    return (
        f"This {what} is expected to take {about(seconds)}, but this server stops a job after "
        f"{about(settings.seconds_per_job).removeprefix('about ')}. Use fewer {fewer}."
    )


def _question_too_large(payload: QuestionJob, limits: Settings) -> str | None:
    """Why a question of the lab asks for too much, in a sentence; None if it does not."""
    question = QUESTIONS[payload.question]
    try:
        settings = question.settings.model_validate(payload.settings.model_dump())
    except ValidationError as error:
        where = " ".join(str(part) for part in error.errors()[0]["loc"][-1:])
        return f"The value of {where} is out of bounds. Use one that the page offers."
    experiment: Experiment | None = getattr(settings, EXPERIMENT, None)
    too_many = _too_many_parameters(experiment.architecture, limits) if experiment else None
    if reason := question.refuse(settings) or too_many:
        return reason
    expected = question.seconds(settings)
    if expected <= LONGEST_QUESTION:
        return None
    return (
        f"This would take {about(expected)}, but this server measures a question for at most "
        f"{about(LONGEST_QUESTION)}. Choose smaller settings."
    )
