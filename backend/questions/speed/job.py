"""The job of a speed sweep: what a worker gets, and what it reports. The result is a `SweepResult`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.sized import Durations
from backend.jobs import JobView
from backend.jobs.messages import Event
from backend.questions.base import Investigation, Single, Subject, Verdict
from backend.questions.pictures import Spread
from backend.questions.speed import script, verdict
from backend.questions.speed.result import Point, SweepResult
from backend.questions.speed.sweep import FIELDS, MODES, Mode, Sweep, expected_seconds, timed_settings, with_heads

DEFINITION = Single(
    key="sweep",
    title="One layer for all heads",
    question="How long does a train step take with one layer per head, compared with one layer for all?",
    options=verdict.OPTIONS,
)


class SpeedJob(Investigation):
    """The payload of a `speed` job: the sweep, on the trunk, optimizer and batch size of the experiment."""

    kind = "speed"
    page = "speed"
    noun = "Speed"
    reducible = "numbers of heads, ways of compiling, timesteps or layers"
    most_kept = 64

    experiment: Experiment
    sweep: Sweep

    @classmethod
    def of(cls, experiment: Experiment, sweep: Sweep) -> SpeedJob:
        """The request to measure `sweep` on `experiment`."""
        return cls(experiment=experiment.unlabelled(), sweep=sweep)

    @property
    def key(self) -> Hashable:
        """The sweep, and what it depends on."""
        return self.sweep, *timed_settings(self.experiment)

    @property
    def definition(self) -> Single:
        """The question of every sweep."""
        return DEFINITION

    @property
    def subject(self) -> Subject:
        """The sweep on these settings."""
        settings = [self.sweep.model_dump_json(), *map(str, timed_settings(self.experiment))]
        return "sweep:", sha256("\n".join(settings).encode()).hexdigest()[:16]

    def judge(self, result: SweepResult) -> Verdict:
        """What the sweep shows at the most heads, with the step as Keras runs it by default."""
        return verdict.judge(result.points)

    def picture(self, result: SweepResult) -> Spread:
        """The ratio of each round, a row for each number of heads."""
        return verdict.picture(result.points)

    def script(self) -> str:
        """A script that times the same models in turns."""
        return script.write(self.experiment, self.sweep)

    @property
    def options(self) -> Mapping[str, str]:
        """The options of the page that choose the sweep."""
        return FIELDS.write(self.sweep)

    def needed_experiment(self, experiment: Experiment) -> Experiment:
        """The visitor's experiment, if a sweep on it is the same; otherwise that of this job."""
        return experiment if timed_settings(experiment) == timed_settings(self.experiment) else self.experiment

    @property
    def largest(self) -> Architecture:
        """The largest model of the sweep."""
        return with_heads(self.experiment.architecture, max(self.sweep.heads))

    def refusal(self) -> str | None:
        """Why the sweep has no points: its only mode is XLA, which measures fewer heads. None if it has points."""
        if self.sweep.points():
            return None
        most = MODES["xla"].most_heads
        return f"With {MODES['xla'].title}, at most {most} heads are measured. Choose fewer heads or another mode."

    def seconds(self, durations: Durations) -> float:
        """The expected seconds of all points on an idle core."""
        return sum(self._work())

    def share(self, view: JobView) -> float:
        """The share of the expected work that the measured points were."""
        work = self._work()
        return sum(work[: len(points_of(view.events))]) / sum(work)

    def _work(self) -> list[float]:
        return [expected_seconds(self.experiment.architecture, *point) for point in self.sweep.points()]


class SweepPhase(Event):
    """The job has entered a part of a point: `doing`, with `k` heads in `mode`."""

    event: Literal["phase"] = "phase"
    mode: Mode
    k: int
    doing: str


class PointEvent(Event):
    """A point has been measured."""

    event: Literal["point"] = "point"
    data: Point


#: What a `speed` job reports.
SpeedEvent = Annotated[SweepPhase | PointEvent, Field(discriminator="event")]


def points_of(events: Iterable[Event]) -> list[Point]:
    """The points among the events of a job, so that a sweep is drawn while it runs."""
    return [event.data for event in events if isinstance(event, PointEvent)]
