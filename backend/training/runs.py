"""Training runs. An experiment decides its result, so equal ones are trained once for all visitors.

A visitor who asks for what is known sees its epochs again, quickly; one who asks for what is being trained joins in.
Every visitor has a run of their own: to cancel it ends the training only where nobody else waits for it.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from threading import Lock
from weakref import ref

from backend.experiment import Experiment
from backend.experiment.url import write_query
from backend.jobs.cache import JobCache
from backend.jobs.dispatcher import CANCELLED
from backend.jobs.job import Job, JobView
from backend.jobs.manager import JobManager
from backend.training.store import RunStore

#: Seconds in which a known run's epochs are shown again.
REPLAY = 2.0
KIND = "train"


@dataclass
class Cancellation:
    """How a run stood when its visitor cancelled it, for all tabs of that visitor."""

    view: JobView | None = None


@dataclass(frozen=True)
class TrainingRun:
    """What a visitor asked for, and when. Whoever holds it keeps the run, also when the server has forgotten it."""

    experiment: Experiment
    job: Job
    at: float = field(default_factory=lambda: time.time())
    left: Cancellation = field(default_factory=Cancellation)

    def view(self) -> JobView:
        """The run as its visitor sees it: cancelled when they cancelled it, and not over before it was replayed."""
        if self.left.view:
            return self.left.view
        view = self.job.look()
        share = (time.time() - self.at) / REPLAY
        if not self.known_since or share >= 1:
            return view
        return replace(view, state="running", kept=None, reported=view.events[: int(share * len(view.events))])

    @property
    def known_since(self) -> float | None:
        """When it had been trained, if that was before the visitor asked (seconds since the epoch)."""
        view = self.job.view()
        done = view.finished_at if view.state == "finished" else None
        return done if done is not None and done < self.at else None


class TrainingRuns:
    """The runs of all visitors, each one's latest at hand."""

    def __init__(
        self, jobs: JobManager, store: RunStore, *, size: int = 256, megabytes: float = 100, visitors: int = 1000
    ) -> None:
        self._cache = JobCache(jobs, KIND, size, megabytes=megabytes)
        self._store = store
        self._visitors = visitors
        # Weak: what was forgotten elsewhere is not kept here.
        self._latest: OrderedDict[str, tuple[Experiment, ref[Job], float, Cancellation]] = OrderedDict()
        self._lock = Lock()

    def train(self, experiment: Experiment, visitor: str, again: bool = False) -> TrainingRun:
        """Train, join, or show again; `again` trains what is known anew. A refused run is nobody's latest."""
        payload = {"experiment": experiment.unlabelled().model_dump(mode="json")}
        asked = TrainingRun(experiment, self._cache.request(experiment.key(), payload, visitor, again))
        if asked.job.state != "refused":
            self._store.begin(visitor, KIND, write_query(experiment.unlabelled()), {"": asked.job})
            with self._lock:
                if self._is_latest(asked, visitor):  # joined from another tab
                    asked = replace(asked, left=self._latest[visitor][-1])
                self._latest[visitor] = asked.experiment, ref(asked.job), asked.at, asked.left
                self._latest.move_to_end(visitor)
                while len(self._latest) > self._visitors:
                    self._latest.popitem(last=False)
        return asked

    def latest(self, visitor: str) -> TrainingRun | None:
        """The run that the visitor asked for last, unless it was forgotten."""
        latest = self._latest.get(visitor)
        if latest is None:
            return None
        experiment, job, at, left = latest
        found = job()
        return TrainingRun(experiment, found, at, left) if found is not None else None

    def cancel(self, asked: TrainingRun, visitor: str) -> None:
        """The visitor's run ends here; the training goes on where somebody else waits for it."""
        seen = asked.view()
        if seen.ended:
            return
        if self._is_latest(asked, visitor):
            self._store.forget(visitor, KIND)
        self._cache.release(asked.experiment.key(), visitor)
        job = asked.job.view()
        if job.cancelling or job.state == "cancelled":
            return  # it ends for everybody
        asked.left.view = replace(seen, state="cancelled", message=CANCELLED, position=None)
        with self._lock:
            if self._is_latest(asked, visitor):
                del self._latest[visitor]

    def _is_latest(self, asked: TrainingRun, visitor: str) -> bool:
        """False where the visitor has started another since, as in a second tab."""
        latest = self._latest.get(visitor)
        return latest is not None and latest[1]() is asked.job
