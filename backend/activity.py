"""What a visitor has requested and waits for, or has not looked at yet: trainings, sweeps, claims, questions …"""

from __future__ import annotations

import time
from dataclasses import dataclass

from backend.claims import CLAIMS
from backend.claims.evidence import KIND as CLAIM
from backend.claims.job import ClaimJob
from backend.experiment import Experiment
from backend.jobs import Job, JobView
from backend.jobs.messages import Progress
from backend.lab.answers import KIND as QUESTION
from backend.lab.gradients_job import KIND as GRADIENTS
from backend.lab.gradients_job import GradientsJob
from backend.lab.job import QuestionJob
from backend.lab.questions import QUESTIONS
from backend.services import services
from backend.speed.job import PointEvent, SpeedJob
from backend.speed.sweep import expected_seconds
from backend.topologies import TOPOLOGIES
from backend.topologies.job import TopologyJob
from backend.topologies.jobs import KIND as TOPOLOGY
from backend.training.job import TrainJob, epochs_of
from backend.training.runs import KIND as TRAIN
from backend.training.runs import TrainingRun

SPEED = "speed"
#: The kinds in which a visitor waits for a result. The others, such as building a model, only fill in a page.
KINDS = (TRAIN, SPEED, TOPOLOGY, CLAIM, GRADIENTS, QUESTION)


@dataclass(frozen=True)
class Activity:
    """One thing that a visitor has requested: a single job, or claims that are tested on the same experiment."""

    kind: str
    title: str
    jobs: tuple[Job, ...]
    views: tuple[JobView, ...]

    @property
    def id(self) -> str:
        """Equal as long as it is the same thing."""
        return self.jobs[0].id

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
        """How much of it is done, from 0 to 1: estimated for a sweep, counted for the others."""
        if self.kind == CLAIM:
            return sum(view.ended for view in self.views) / len(self.views)
        return _share(self.jobs[0], self.views[0])

    @property
    def seconds_left(self) -> float | None:
        """The seconds that it probably still takes; None where nothing is known yet."""
        if self.kind == CLAIM:
            return None
        if self.kind == TRAIN:
            return _training_left(self.jobs[0], self.views[0])
        started, share = self.views[0].started_at, self.share
        return (time.time() - started) * (1 - share) / share if started and share > 0 else None

    @property
    def experiment(self) -> Experiment | None:
        """The experiment that it is about; None for a topology and a question of the lab, which have their own."""
        payload = self.jobs[0].payload
        return payload.experiment if isinstance(payload, TrainJob | SpeedJob | ClaimJob | GradientsJob) else None

    @property
    def topology(self) -> TopologyJob | None:
        """The topology that is trained, with its relatedness; None for the others."""
        payload = self.jobs[0].payload
        return payload if isinstance(payload, TopologyJob) else None

    @property
    def question(self) -> QuestionJob | None:
        """The question of the lab that is measured, with its settings; None for the others."""
        payload = self.jobs[0].payload
        return payload if isinstance(payload, QuestionJob) else None


def activities(visitor: str) -> list[Activity]:
    """What the visitor waits for or has not seen the end of, oldest first. All of it counts as looked at by a page."""
    groups: dict[str, list[Job]] = {}
    for job in services().jobs.followed(visitor, KINDS):
        if job.state != "cancelled":
            payload = job.payload
            groups.setdefault(payload.experiment.key() if isinstance(payload, ClaimJob) else job.id, []).append(job)
    return [
        Activity(jobs[0].kind, _title(jobs[0]), tuple(jobs), tuple(job.look() for job in jobs))
        for jobs in groups.values()
    ]


def dismiss(activity: Activity, visitor: str) -> None:
    """The visitor has seen how it ended."""
    for job in activity.jobs:
        services().jobs.unfollow(job, visitor)


def cancel(activity: Activity, visitor: str) -> None:
    """The visitor no longer wants it. Jobs that others wait for too go on."""
    dismiss(activity, visitor)
    for job in activity.jobs:
        payload = job.payload
        if job.ended:
            continue
        if isinstance(payload, TrainJob):
            latest = services().runs.latest(visitor)
            mine = latest if latest is not None and latest.job is job else TrainingRun(payload.experiment, job)
            services().runs.cancel(mine, visitor)
        elif isinstance(payload, TopologyJob):
            services().run_store.forget(visitor, TOPOLOGY, job)
            services().topologies.release(TOPOLOGIES[payload.topology], payload.relatedness, visitor)
        elif isinstance(payload, GradientsJob):
            services().run_store.forget(visitor, GRADIENTS, job)
            services().gradients.release(payload.experiment, visitor)
        elif isinstance(payload, ClaimJob):
            services().run_store.forget(visitor, CLAIM, job)
            services().evidence.release(CLAIMS[payload.claim], payload.experiment, visitor)
        elif isinstance(payload, QuestionJob):
            services().run_store.forget(visitor, QUESTION, job)
            services().answers.release(QUESTIONS[payload.question], payload.settings, visitor)
        else:
            services().jobs.cancel(visitor, job.id)


def _title(job: Job) -> str:
    payload = job.payload
    if isinstance(payload, TopologyJob):
        return f"Topology {TOPOLOGIES[payload.topology].number}"
    titles = {TRAIN: "Training", SPEED: "Sweep", CLAIM: "Claims", GRADIENTS: "Heads", QUESTION: "Lab question"}
    return titles[job.kind]


def _share(job: Job, view: JobView) -> float:
    payload = job.payload
    if isinstance(payload, TrainJob):
        return min(len(epochs_of(view.events)) / _epochs(payload), 1.0)
    if isinstance(payload, SpeedJob):
        work = [expected_seconds(payload.experiment.architecture, *point) for point in payload.sweep.points()]
        done = sum(isinstance(event, PointEvent) for event in view.events)
        return min(sum(work[:done]) / sum(work), 1.0)
    return max([event.share for event in view.events if isinstance(event, Progress)], default=0.0)


def _training_left(job: Job, view: JobView) -> float | None:
    payload, epochs = job.payload, epochs_of(view.events)
    if not isinstance(payload, TrainJob) or len(epochs) < 2:
        return None
    each = (epochs[-1].seconds - epochs[0].seconds) / (len(epochs) - 1)
    return each * max(_epochs(payload) - len(epochs), 0)


def _epochs(payload: TrainJob) -> int:
    return payload.experiment.training.epochs * payload.experiment.training.seeds
