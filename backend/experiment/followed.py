"""What a visitor has requested and waits for elsewhere: its name, how far it is, and the page that has its result."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import ClassVar

from backend.experiment import Experiment
from backend.experiment.sized import Sized
from backend.jobs import JobView
from backend.jobs.messages import Progress


class Followed(Sized):
    """The payload of such a job."""

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
        """The options of the page with which it shows the result."""
        return {}

    def on(self, experiment: Experiment) -> Experiment:
        """The experiment with which the page shows the result: `experiment` itself if it does."""
        return experiment

    def share(self, view: JobView) -> float:
        """How much of the job is done, from 0 to 1."""
        return max([event.share for event in view.events if isinstance(event, Progress)], default=0.0)

    def seconds_left(self, view: JobView) -> float | None:
        """The seconds that the job probably still takes; None if nothing is known yet."""
        share = self.share(view)
        return (time.time() - view.started_at) * (1 - share) / share if view.started_at and share > 0 else None
