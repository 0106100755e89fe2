"""How much work a job is: the model that it builds, the seconds that it takes, and why a server refuses it."""

from __future__ import annotations

from typing import ClassVar, Protocol

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.jobs.messages import Payload
from backend.words import about

#: A job is refused if it is expected to take more than this many times the limit. Four in five estimates are within
#: 30 %, and an estimate learned while other workers kept the cores busy is up to 1.7 times what a run takes alone. So
#: a job that would end in time is hardly ever refused. A job with a smaller estimate gets a warning, and is stopped at
#: the limit.
_MARGIN = 2.0


def is_refused(seconds: float, limit: float) -> bool:
    """Whether a job that is expected to take `seconds` is refused at a time limit of `limit` seconds."""
    return seconds > _MARGIN * limit


class Durations(Protocol):
    """What a server knows about the duration of its trainings."""

    def seconds(self, experiment: Experiment) -> float:
        """The expected seconds of a training."""

    def measuring_seconds(self, experiment: Experiment, times: int) -> float:
        """The expected seconds of a training in which each head's gradient is computed so many times."""

    def epochs_within(self, experiment: Experiment, seconds: float) -> int:
        """The most epochs that can be trained in `seconds`."""


class Sized(Payload):
    """The payload of a job that says how much work it is."""

    #: The seconds that a job of this kind took on two cores; None if the payload computes them, or if they are unknown.
    usual_seconds: ClassVar[float | None] = None
    #: What a visitor can reduce so that the job takes less time. A job without it is not refused for its time.
    reducible: ClassVar[str] = ""

    @property
    def largest(self) -> Architecture | None:
        """The largest architecture of which the worker builds a model; None if it builds none of a visitor's."""
        return None

    @property
    def parameters(self) -> int | None:
        """The parameters of the model, if it is not of the architecture `largest`; None otherwise."""
        return None

    def refusal(self) -> str | None:
        """Why no worker can do this, in a sentence; None if one can."""
        return None

    def seconds(self, durations: Durations) -> float | None:
        """The seconds that the job is expected to take in a worker; None if nothing is known."""
        return self.usual_seconds

    def too_long(self, limit: float, durations: Durations) -> str | None:
        """What to lower if the job is expected to exceed `limit` seconds by far, in sentences; None if it is not."""
        seconds = self.seconds(durations)
        if not self.reducible or seconds is None or not is_refused(seconds, limit):
            return None
        return (
            f"This is expected to take {about(seconds)}, but this server stops a job after "
            f"{about(limit).removeprefix('about ')}. Use fewer {self.reducible}."
        )
