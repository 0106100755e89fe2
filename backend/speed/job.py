"""The job of a speed sweep: what a worker gets, and what it reports. The result is a `SweepResult`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.followed import Followed
from backend.jobs import JobView
from backend.jobs.messages import Event
from backend.speed.result import Point
from backend.speed.sweep import Mode, Sweep, expected_seconds, with_heads


class SpeedJob(Followed):
    """The payload of a `speed` job: the sweep, on the trunk, optimizer and batch size of the experiment."""

    kind = "speed"
    page = "speed"
    noun = "Sweep"

    experiment: Experiment
    sweep: Sweep

    @property
    def architecture(self) -> Architecture:
        """The visitor's architecture, whose trunk is measured."""
        return self.experiment.architecture

    @property
    def largest_architecture(self) -> Architecture:
        """The largest model of the sweep."""
        return with_heads(self.experiment.architecture, max(self.sweep.heads))

    def share(self, view: JobView) -> float:
        """The share of the expected time that the points so far were expected to take."""
        work = [expected_seconds(self.architecture, *point) for point in self.sweep.points()]
        return min(sum(work[: len(points_of(view.events))]) / sum(work), 1.0)


class SweepPhase(Event):
    """The job has entered a part of a point: `doing`, with `k` heads in `mode`."""

    event: Literal["phase"] = "phase"
    mode: Mode
    k: int
    doing: str


class PointEvent(Event):
    """A point has been measured, `seconds` after the start of the sweep."""

    event: Literal["point"] = "point"
    data: Point
    seconds: float


#: What a `speed` job reports.
SpeedEvent = Annotated[SweepPhase | PointEvent, Field(discriminator="event")]


def points_of(events: Iterable[Event]) -> list[Point]:
    """The points among the events of a job, so that a sweep is drawn while it runs."""
    return [event.data for event in events if isinstance(event, PointEvent)]
