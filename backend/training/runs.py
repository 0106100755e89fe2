"""Training runs. Results are deterministic, so equal experiments are trained once for all visitors.

If the result is in the cache, its epochs are replayed quickly. If the training is running, the visitor joins it. Each
visitor has a run of their own: cancelling it ends the training only if nobody else waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

from cachetools import LRUCache

from backend.experiment import Experiment
from backend.experiment.url import write_query
from backend.jobs.compression import Compressed
from backend.jobs.endings import CANCELLED
from backend.jobs.job import Job, JobView
from backend.jobs.manager import JobManager
from backend.jobs.shared import SharedJobs
from backend.training.duration import is_xla_program
from backend.training.job import EpochEvent, PrepareJob, TrainJob
from backend.training.result import Run
from backend.training.started import StartedJobs
from backend.training.store import RunStore

#: Seconds in which the epochs of a cached run are replayed.
REPLAY = 2.0
KIND = TrainJob.kind
#: The most visitors whose latest run is known.
_MOST_VISITORS = 500


@dataclass(eq=False)
class TrainingRun:
    """A visitor's request for a training, which all tabs of the visitor share."""

    experiment: Experiment
    job: Job
    requested_at: float = field(default_factory=lambda: time.time())
    cancelled: JobView | None = None  # the run when its visitor cancelled it

    def view(self) -> JobView:
        """The run as its visitor sees it: cancelled if they cancelled it, and running until it has been replayed."""
        if self.cancelled is not None:
            return self.cancelled
        view = self.job.look()
        share = (time.time() - self.requested_at) / REPLAY
        if not self.known_since or share >= 1:
            return view
        events = view.events[: int(share * len(view.events))]
        return replace(view, state="running", stored_result=None, stored_events=events)

    @property
    def known_since(self) -> float | None:
        """When the training finished, if that was before the request (seconds since the epoch); else None."""
        view = self.job.view()
        done = view.finished_at if view.state == "finished" else None
        return done if done is not None and done < self.requested_at else None


class TrainingRuns:
    """The training runs of all visitors, and the latest one of each. Safe from any thread."""

    def __init__(self, jobs: JobManager, shared: SharedJobs, started: StartedJobs, store: RunStore) -> None:
        self._jobs, self._shared, self._started, self._store = jobs, shared, started, store
        self._latest: LRUCache[str, TrainingRun] = LRUCache(_MOST_VISITORS)
        self._lock = Lock()

    def train(self, experiment: Experiment, visitor: str, again: bool = False) -> TrainingRun:
        """Start a training, join a running one, or replay a cached or saved one; `again` trains once more.

        The run is saved at its end. A refused run does not become the visitor's latest.
        """
        run = self.train_for(experiment, visitor, again)
        if run.job.state == "refused":
            return run
        self._started.begin(visitor, write_query(experiment.unlabelled()), run.job)
        with self._lock:
            latest = self._latest.get(visitor)
            if latest is not None and latest.job is run.job and not run.job.ended:
                return latest  # joined from another tab
            self._latest[visitor] = run
        return run

    def train_for(self, experiment: Experiment, owner: str, again: bool = False) -> TrainingRun:
        """As `train`, for a room: the run is saved for the `owner`, whose latest run stays."""
        run = self._request(experiment, owner, again)
        if run.job.state == "finished":  # else `record_end` will save it
            self._store.add(run.job.view(), owner)
        return run

    def train_aside(self, experiment: Experiment, visitor: str, again: bool = False) -> TrainingRun:
        """As `train`, for a page that shows the run itself. It is not saved, and the visitor does not follow it."""
        return self._request(experiment, visitor, again, aside=True)

    def keep(self, run: Run, owner: str) -> None:
        """Save a run that a job trained together with others, as the `owner`'s."""
        self._store.add(_finished_job(run, owner, time.time()).view(), owner)

    def prepare(self, experiment: Experiment, visitor: str, again: bool = False) -> bool:
        """Compile both styles in an idle worker, so that a training of them starts at once.

        It is a spare job (`JobManager.prepare`). False if the workers are busy. Nothing is compiled for a run that is
        in the cache, unless it is to be trained `again`. Nothing is compiled for an XLA program, either: it
        takes long to compile, and its first epochs are not shown sooner.
        """
        training = TrainJob.of(experiment)
        known = self._shared.find(training, visitor)
        if is_xla_program(experiment) or (known is not None and known.state == "finished" and not again):
            return True
        return self._jobs.prepare(visitor, PrepareJob.kind, PrepareJob(experiment=training.experiment))

    def latest(self, visitor: str) -> TrainingRun | None:
        """The visitor's latest run, also from before a restart; None if there is none."""
        with self._lock:
            latest = self._latest.get(visitor)
        if latest is not None:
            return latest
        before = self._started.interrupted(visitor, KIND)
        if before is None or not before.finished or not self._restore(before.experiment, visitor):
            return None
        return self.train(before.experiment, visitor)

    def cancel(self, run: TrainingRun, visitor: str) -> None:
        """Cancel the visitor's run. The training continues if somebody else waits for it."""
        before = run.view()
        if before.ended:
            return
        with self._lock:
            latest = self._latest.get(visitor)
        is_latest = latest is not None and latest.job is run.job  # they may have started another one in a second tab
        if is_latest:
            self._started.forget(visitor, KIND)
        self._shared.release(TrainJob.of(run.experiment), visitor)
        job = run.job.view()
        if job.cancelling or job.state == "cancelled":
            return  # nobody else waits, so the job itself is cancelled
        run.cancelled = replace(before, state="cancelled", message=CANCELLED, position=None)
        if is_latest:
            with self._lock:
                self._latest.pop(visitor, None)

    def forget(self, visitor: str, unwanted: Callable[[Job], bool]) -> None:
        """Forget the visitor's latest run if its job is unwanted."""
        latest = self.latest(visitor)
        if latest is not None and unwanted(latest.job):
            self._started.forget(visitor, KIND)
            with self._lock:
                self._latest.pop(visitor, None)

    def record_end(self, job: Job) -> None:
        """Save the run of a training that has just ended, for all who follow it."""
        if job.kind == KIND and job.state == "finished":
            self._store.add(job.view(), *job.followers)

    def _request(
        self, experiment: Experiment, visitor: str, again: bool = False, aside: bool = False
    ) -> TrainingRun:  # fmt: skip
        requested_at = time.time()  # before the job may have ended
        if not again:
            self._restore(experiment, visitor)
        job = self._shared.request(TrainJob.of(experiment), visitor, again=again, aside=aside)
        return TrainingRun(experiment, job, requested_at)

    def _restore(self, experiment: Experiment, visitor: str) -> bool:
        """Cache the saved run of an equal experiment, unless it is cached. True if a finished one is cached then."""
        training = TrainJob.of(experiment)
        known = self._shared.find(training, visitor)
        if known is not None and (not known.ended or known.view().stored_result is not None):
            return known.state == "finished"
        saved = self._store.find(experiment)
        if saved is None:
            return False
        self._shared.add(training, _finished_job(saved[0], visitor, saved[1]))
        return True


def _finished_job(run: Run, visitor: str, at: float) -> Job:
    """The run as a job of the visitor that finished at that time."""
    events = tuple(EpochEvent(data=epoch) for epoch in run.epochs)
    return Job.finished(visitor, KIND, TrainJob(experiment=run.experiment), events, Compressed.of(run), at)
