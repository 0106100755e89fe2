"""The job of a speed sweep: what a worker gets, and what it reports. The result is a `SweepResult`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.followed import Followed
from backend.experiment.sized import Durations
from backend.jobs import JobView
from backend.jobs.messages import Event
from backend.speed.result import Point
from backend.speed.sweep import Mode, Sweep, expected_seconds, with_heads


class SpeedJob(Followed):
    """The payload of a `speed` job: the sweep, on the trunk, optimizer and batch size of the experiment."""

    kind = "speed"
    page = "speed"
    noun = "Sweep"
    reducible = "numbers of heads, ways of compiling, timesteps or layers"

    experiment: Experiment
    sweep: Sweep

    @property
    def largest(self) -> Architecture:
        """The largest model of the sweep."""
        return with_heads(self.experiment.architecture, max(self.sweep.heads))

    def work(self) -> list[float]:
        """The expected seconds of each point on an idle core."""
        return [expected_seconds(self.experiment.architecture, *point) for point in self.sweep.points()]

    def seconds(self, durations: Durations) -> float:
        """The expected seconds of all points."""
        return sum(self.work())

    def share(self, view: JobView) -> float:
        """The share of the expected time that the points so far were expected to take."""
        work = self.work()
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
