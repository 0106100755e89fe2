"""Jobs that a visitor follows from other pages: their names, their progress, and the page that has the result."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import ClassVar

from backend.experiment import Experiment
from backend.experiment.sized import Sized
from backend.jobs import JobView
from backend.jobs.messages import Progress, SharedPayload


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
