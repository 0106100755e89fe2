"""The job of a speed sweep: what a worker gets, and what it reports. The result is a `SweepResult`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.jobs import JobView
from backend.jobs.messages import Event
from backend.payloads import Durations
from backend.questions.base import Question, QuestionJob
from backend.questions.speed.result import Point, SweepResult
from backend.questions.speed.script import write
from backend.questions.speed.sweep import (
    FIELDS,
    MODES,
    Mode,
    Sweep,
    SweepSettings,
    expected_seconds,
    timed_settings,
    with_heads,
)

#: The question of every sweep, which no visitor predicts.
QUESTION = Question(
    key="sweep", settings=SweepSettings, evidence=SweepResult, measure="backend.worker.speed:speed", code=write
)


class SpeedJob(QuestionJob):
    """The payload of a `speed` job: the sweep, on the trunk, optimizer and batch size of the experiment."""

    kind = "speed"
    page = "speed"
    noun = "Speed"
    reducible = "numbers of heads, ways of compiling, timesteps or layers"
    most_kept = 64
    family: ClassVar = {QUESTION.key: QUESTION}

    question: str = QUESTION.key
    settings: SweepSettings

    @classmethod
    def on(cls, experiment: Experiment, sweep: Sweep) -> SpeedJob:
        """The request to measure `sweep` on `experiment`."""
        return cls(settings=SweepSettings(experiment=experiment.unlabelled(), sweep=sweep))

    @property
    def decided_by(self) -> str:
        """The sweep, and what it depends on."""
        return f"{self.settings.sweep!r} {timed_settings(self.settings.experiment)}"

    @property
    def options(self) -> Mapping[str, str]:
        """The options of the page that choose the sweep."""
        return FIELDS.write(self.settings.sweep)

    def needed_experiment(self, experiment: Experiment) -> Experiment:
        """The visitor's experiment, if a sweep on it is the same; otherwise that of this job."""
        mine = self.settings.experiment
        return experiment if timed_settings(experiment) == timed_settings(mine) else mine

    @property
    def largest(self) -> Architecture:
        """The largest model of the sweep."""
        return with_heads(self.settings.experiment.architecture, max(self.settings.sweep.heads))

    def refusal(self) -> str | None:
        """Why the sweep has no points: its only mode is XLA, which measures fewer heads. None if it has points."""
        if self.settings.sweep.points():
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
        architecture = self.settings.experiment.architecture
        return [expected_seconds(architecture, *point) for point in self.settings.sweep.points()]


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
