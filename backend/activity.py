"""What a visitor has requested and waits for, or has not looked at yet: trainings, sweeps, claims, questions …"""

from __future__ import annotations

from dataclasses import dataclass

from backend.experiment import Experiment
from backend.jobs import Job, JobView
from backend.payloads import Followed
from backend.services import services
from backend.worker.kinds import JOB_KINDS

#: The kinds of jobs for whose result a visitor waits. The others, such as building a model, only fill in a page.
KINDS = tuple(name for name, kind in JOB_KINDS.items() if issubclass(kind.payload, Followed))


@dataclass(frozen=True)
class Activity:
    """One thing that a visitor has requested: a single job, or jobs that are followed as one."""

    jobs: tuple[Job, ...]
    views: tuple[JobView, ...]
    payloads: tuple[Followed, ...]

    @property
    def id(self) -> str:
        """The id of its first job, which stays the same."""
        return self.jobs[0].id

    @property
    def title(self) -> str:
        """Its name, in one or two words."""
        return self.payloads[0].title

    @property
    def page(self) -> str:
        """The path of the page that has the result."""
        return self.payloads[0].page

    @property
    def unfinished(self) -> JobView | None:
        """The first of its jobs that has not ended."""
        return next((view for view in self.views if not view.ended), None)

    @property
    def waiting(self) -> JobView | None:
        """The first of its jobs, if none has begun yet."""
        return self.views[0] if all(view.state == "queued" for view in self.views) else None

    @property
    def finished(self) -> bool:
        """Whether it has ended with a result."""
        return self.unfinished is None and any(view.state == "finished" for view in self.views)

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        each = [1.0 if view.ended else job.share(view) for job, view in zip(self.payloads, self.views, strict=True)]
        return sum(each) / len(each)

    @property
    def seconds_left(self) -> float | None:
        """The seconds that it probably still takes; None for several jobs, and if nothing is known yet."""
        return self.payloads[0].seconds_left(self.views[0]) if len(self.jobs) == 1 else None

    def needed_experiment(self, experiment: Experiment) -> Experiment:
        """The experiment that the page needs to show the result: `experiment` itself if that is enough."""
        needed = [each for job in self.payloads if (each := job.needed_experiment(experiment)) != experiment]
        candidates = (each for each in needed if all(job.needed_experiment(each) == each for job in self.payloads))
        return next(candidates, needed[0]) if needed else experiment


def activities(visitor: str) -> list[Activity]:
    """The visitor's activities that have not ended, or whose end the visitor has not seen; oldest first.

    Each of their jobs counts as shown by a page, so it is not abandoned.
    """
    groups: list[list[tuple[Job, Followed]]] = []
    for job in services().jobs.registry.followed_jobs(visitor, KINDS):
        # The visitor's own request: that of another one may name a file of theirs.
        payload = job.followers.get(visitor)
        if job.state != "cancelled" and isinstance(payload, Followed):
            group = next((each for each in groups if all(payload.joins(other) for _, other in each)), None)
            if group is None:
                groups.append(group := [])
            group.append((job, payload))
    result = []
    for members in groups:
        jobs, payloads = zip(*members, strict=True)
        result.append(Activity(jobs, tuple(job.look() for job in jobs), payloads))
    return result


def dismiss(activity: Activity, visitor: str) -> None:
    """Stop listing the activity for the visitor, who has seen how it ended."""
    for job in activity.jobs:
        services().jobs.registry.unfollow(job, visitor)


def cancel(activity: Activity, visitor: str) -> None:
    """Cancel the activity for the visitor. Jobs that others wait for, too, go on."""
    dismiss(activity, visitor)
    for job, payload in zip(activity.jobs, activity.payloads, strict=True):
        if not job.ended:
            services().release(job, payload, visitor)
