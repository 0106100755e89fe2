"""Training runs. Results are deterministic, so equal experiments are trained once for all visitors.

If the result is in the cache, its epochs are replayed quickly. If the training is running, the visitor joins it. Each
visitor has a run of their own: cancelling it ends the training only if nobody else waits for it.
"""

from __future__ import annotations

import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from weakref import ref

from backend.experiment import Experiment
from backend.experiment.url import write_query
from backend.jobs.cache import JobCache
from backend.jobs.compression import Compressed
from backend.jobs.job import Job, JobView
from backend.jobs.manager import JobManager
from backend.jobs.sentences import CANCELLED
from backend.training.duration import in_second_gear
from backend.training.job import EpochEvent, PrepareJob, TrainJob
from backend.training.result import Run
from backend.training.saved_runs import SavedRuns
from backend.training.store import RunStore

#: Seconds in which the epochs of a cached run are replayed.
REPLAY = 2.0
KIND = "train"


@dataclass
class Cancellation:
    """The state of a run when its visitor cancelled it. All tabs of the visitor share it."""

    view: JobView | None = None


@dataclass(frozen=True)
class TrainingRun:
    """A visitor's request for a training. It keeps a reference to the job, which the server may since have evicted."""

    experiment: Experiment
    job: Job
    requested_at: float = field(default_factory=lambda: time.time())
    cancellation: Cancellation = field(default_factory=Cancellation)

    def view(self) -> JobView:
        """The run as its visitor sees it: cancelled if they cancelled it, and running until it has been replayed."""
        if self.cancellation.view:
            return self.cancellation.view
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
    """The training runs of all visitors, and the latest one of each."""

    def __init__(
        self, jobs: JobManager, store: RunStore, saved: SavedRuns, *,
        size: int = 256, megabytes: float = 100, visitors: int = 1000,
    ) -> None:  # fmt: skip
        self._jobs = jobs
        self._cache = JobCache(jobs, KIND, size, megabytes=megabytes)
        self._store, self._saved = store, saved
        #: The visitors who requested a job that has not ended: its run is saved for them.
        self._requested: defaultdict[str, set[str]] = defaultdict(set)
        self._visitors = visitors
        # Weak references: a job that was evicted elsewhere is not kept alive here.
        self._latest: OrderedDict[str, tuple[Experiment, ref[Job], float, Cancellation]] = OrderedDict()
        self._lock = Lock()

    def train_aside(self, experiment: Experiment, visitor: str, again: bool = False) -> TrainingRun:
        """As `train`, for a page that shows the run itself. The visitor does not follow it; their latest run stays."""
        waits = self._cache.awaits(experiment.key(), visitor)
        if not again:
            self._restore(experiment, visitor)
        run = self._request(experiment, visitor, again)
        if not waits:
            self._jobs.unfollow(run.job, visitor)
        return run

    def train_for(self, experiment: Experiment, owner: str) -> TrainingRun:
        """As `train`, for a room. The run is saved at its end for the `owner`, whose latest run stays."""
        self._restore(experiment, owner)
        run = self._request(experiment, owner)
        if run.job.state != "refused":
            self._save_at_end(run.job, owner)
        return run

    def keep(self, run: Run, owner: str) -> None:
        """Save a run that a job trained together with others, as the `owner`'s."""
        job = Job.finished(owner, KIND, TrainJob(experiment=run.experiment), (), Compressed.of(run), time.time())
        self._saved.add(job.view(), owner)

    def train(self, experiment: Experiment, visitor: str, again: bool = False) -> TrainingRun:
        """Start a training, join a running one, or replay a cached or saved one; `again` trains once more.

        A refused run does not become the visitor's latest.
        """
        if not again:
            self._restore(experiment, visitor)
        run = self._request(experiment, visitor, again)
        if run.job.state != "refused":
            self._store.begin(visitor, write_query(experiment.unlabelled()), run.job)
            self._save_at_end(run.job, visitor)
            with self._lock:
                if self._is_latest(run, visitor):  # joined from another tab
                    run = replace(run, cancellation=self._latest[visitor][-1])
                self._latest[visitor] = run.experiment, ref(run.job), run.requested_at, run.cancellation
                self._latest.move_to_end(visitor)
                while len(self._latest) > self._visitors:
                    self._latest.popitem(last=False)
        return run

    def _request(self, experiment: Experiment, visitor: str, again: bool = False) -> TrainingRun:
        requested_at = time.time()  # before the job may have ended
        payload = TrainJob(experiment=experiment.unlabelled())
        return TrainingRun(experiment, self._cache.request(experiment.key(), payload, visitor, again), requested_at)

    def prepare(self, experiment: Experiment, visitor: str, again: bool = False) -> bool:
        """Compile both styles in an idle worker, so that a training of them starts at once.

        It is a speculative job (`JobManager.run_speculatively`). False if the workers are busy. Nothing is compiled for
        a run that is in the cache, unless it is to be trained `again`. Nothing is compiled for the second gear, either:
        its program takes long to compile, and its first epochs are not shown sooner.
        """
        known = self._cache.find(experiment.key(), visitor)
        if in_second_gear(experiment) or (known is not None and known.state == "finished" and not again):
            return True
        return self._jobs.run_speculatively(visitor, "prepare", PrepareJob(experiment=experiment.unlabelled()))

    def latest(self, visitor: str) -> TrainingRun | None:
        """The visitor's latest run, also from before a restart; None if it was evicted."""
        latest = self._latest.get(visitor)
        if latest is None:
            before = self._store.interrupted(visitor, KIND)
            if before is None or not before.finished or not self._restore(before.experiment, visitor):
                return None
            return self.train(before.experiment, visitor)
        experiment, job, requested_at, cancellation = latest
        alive = job()
        return TrainingRun(experiment, alive, requested_at, cancellation) if alive is not None else None

    def cancel(self, run: TrainingRun, visitor: str) -> None:
        """Cancel the visitor's run. The training continues if somebody else waits for it."""
        before = run.view()
        if before.ended:
            return
        if self._is_latest(run, visitor):
            self._store.forget(visitor, KIND)
        with self._lock:
            self._requested[run.job.id].discard(visitor)
        self._cache.release(run.experiment.key(), visitor)
        job = run.job.view()
        if job.cancelling or job.state == "cancelled":
            return  # nobody else waits, so the job itself is cancelled
        run.cancellation.view = replace(before, state="cancelled", message=CANCELLED, position=None)
        with self._lock:
            if self._is_latest(run, visitor):
                del self._latest[visitor]

    def forget_latest(self, visitor: str, unwanted: Callable[[Job], bool]) -> None:
        """Forget the visitor's latest run if its job is unwanted."""
        latest = self.latest(visitor)
        if latest is not None and unwanted(latest.job):
            self._store.forget(visitor, KIND)
            with self._lock:
                self._latest.pop(visitor, None)

    def discard(self, unwanted: Callable[[Job], bool]) -> None:
        """Evict the unwanted trainings and their results, and cancel those that have not ended, for everybody."""
        self._cache.discard(unwanted)
        with self._lock:
            for visitor, (_, job, *_) in list(self._latest.items()):
                if (alive := job()) is not None and unwanted(alive):
                    del self._latest[visitor]

    def record_end(self, job: Job) -> None:
        """Record that a job has ended. If it is a finished training, save its run for all who requested it."""
        with self._lock:
            visitors = self._requested.pop(job.id, set())
        if job.state == "finished":
            for visitor in visitors:
                self._saved.add(job.view(), visitor)

    def _save_at_end(self, job: Job, visitor: str) -> None:
        with self._lock:
            self._requested[job.id].add(visitor)
        if job.ended:  # it was cached, or ended meanwhile
            self.record_end(job)

    def _restore(self, experiment: Experiment, visitor: str) -> bool:
        """Cache the saved run of an equal experiment, unless it is cached. True if a finished one is cached then."""
        key = experiment.key()
        known = self._cache.find(key, visitor)
        if known is not None and (not known.ended or known.view().stored_result is not None):
            return known.state == "finished"
        saved = self._saved.find(experiment)
        if saved is None:
            return False
        run, at = saved
        events = tuple(EpochEvent(data=epoch) for epoch in run.epochs)
        payload = TrainJob(experiment=run.experiment)
        self._cache.add(key, Job.finished(visitor, KIND, payload, events, Compressed.of(run), at))
        return True

    def _is_latest(self, run: TrainingRun, visitor: str) -> bool:
        """Whether this is still the visitor's latest run. They may have started another one in a second tab."""
        latest = self._latest.get(visitor)
        return latest is not None and latest[1]() is run.job
