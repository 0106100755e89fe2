"""How much work a job is, why a server refuses it, and how its visitor follows it from other pages."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import ClassVar, Protocol

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.jobs import JobView
from backend.jobs.messages import Payload, Progress, SharedPayload
from backend.words import about

#: A job is refused if it is expected to take more than this many times the limit. Four in five estimates are within
#: 30 %, and an estimate learned while other workers kept the cores busy is up to 1.7 times what a run takes alone. So
#: a job that would end in time is hardly ever refused. A job with a smaller estimate gets a warning, and is stopped at
#: the limit.
_MARGIN = 2.0


class Durations(Protocol):
    """What a server knows about the duration of its trainings."""

    def seconds(self, experiment: Experiment) -> float:
        """The expected seconds of a training."""


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

    def too_long(self, limit: float, durations: Durations, margin: float = _MARGIN) -> str | None:
        """What to lower if the job is expected to take more than `margin` times the limit in seconds; else None."""
        seconds = self.seconds(durations)
        if not self.reducible or seconds is None or seconds <= margin * limit:
            return None
        return (
            f"This is expected to take {about(seconds)}, but this server stops a job after "
            f"{about(limit).removeprefix('about ')}. Use fewer {self.reducible}."
        )


class Followed(SharedPayload, Sized):
    """The payload of a job that its visitor can follow from other pages."""

    #: What it is, in one or two words, and the path of the page that has the result.
    noun: ClassVar[str]
    page: ClassVar[str]

    @property
    def title(self) -> str:
        """The noun, with a number if there are several of them."""
        return self.noun

    def joins(self, other: Followed) -> bool:
        """Whether both jobs, of one visitor, are followed as one."""
        return False

    @property
    def options(self) -> Mapping[str, str]:
        """The options that the page needs to show the result."""
        return {}

    def needed_experiment(self, experiment: Experiment) -> Experiment:
        """The experiment that the page needs to show the result: `experiment` itself if that is enough."""
        return experiment

    def share(self, view: JobView) -> float:
        """How much of the job is done, from 0 to 1."""
        return max([event.share for event in view.events if isinstance(event, Progress)], default=0.0)

    def seconds_left(self, view: JobView) -> float | None:
        """The seconds that the job probably still takes; None if nothing is known yet."""
        share = self.share(view)
        return (time.time() - view.started_at) * (1 - share) / share if view.started_at and share > 0 else None
