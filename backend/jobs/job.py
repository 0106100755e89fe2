"""One job: what a visitor requested, and its state."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from backend.jobs.compression import Compressed, decompress
from backend.jobs.messages import Event, Payload

State = Literal["queued", "running", "finished", "cancelled", "failed", "lost", "refused", "abandoned"]


@dataclass(frozen=True, slots=True)
class JobView:
    """A job at one moment. Times are seconds since the epoch."""

    id: str
    visitor: str
    kind: str
    submitted_at: float
    state: State = "queued"
    position: int | None = None  # 1-based place in the queue; None when not queued
    cancelling: bool = False  # cancellation was requested, and the job has not stopped yet
    stored_events: tuple[Event, ...] | Compressed = ()  # compressed once the job has ended
    stored_result: Any = None  # compressed, or a plain value; None before the end, and if it was evicted
    #: A sentence for the visitor when failed, lost, cancelled, abandoned or refused.
    message: str = ""
    size: int = 0  # bytes of the stored result and events
    started_at: float | None = None
    finished_at: float | None = None

    @property
    def events(self) -> tuple[Event, ...]:
        """The reported events, in order."""
        events: tuple[Event, ...] = decompress(self.stored_events)
        return events

    @property
    def result(self) -> Any:
        """What the job's function returned; None before it has, and if the result was evicted."""
        return decompress(self.stored_result)

    @property
    def ended(self) -> bool:
        """Whether the job has reached its last state."""
        return self.state not in ("queued", "running")


@dataclass(eq=False)
class Job:
    """A handle that any thread may read: each change replaces the whole view, so a reader needs no lock."""

    visitor: str
    kind: str
    payload: Payload
    urgent: bool = False
    #: May run beside another job of the same visitor if nobody else waits.
    parallel: bool = False
    #: The network of its visitor; empty if it is not known. Then the visitor counts as a network of their own.
    network: str = ""
    expected: float | None = None  # the seconds that the app expects it to run; None if only its kind tells
    #: Of the lowest rank: it runs only in a worker that nobody needs, and is cancelled when another job needs it.
    spare: bool = False
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    requeue_count: int = field(init=False, default=0)  # times that it was queued again, because it lost its worker
    #: The state in which the server stops the job, and the reason: a sentence for the visitor.
    stop_reason: tuple[State, str] | None = field(init=False, default=None)
    looked_at: float = field(init=False, default_factory=lambda: time.monotonic())  # when any page last showed it
    waiters: int = field(init=False, default=0)  # threads that wait for its end
    #: What each visitor requested who got this job, until they have looked at its end or no longer want it. Requests of
    #: one job may differ in what changes no result, such as the data of a sweep. Its registry changes it.
    followers: dict[str, Payload] = field(init=False, default_factory=dict)
    _view: JobView = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.network = self.network or self.visitor
        self._view = JobView(self.id, self.visitor, self.kind, submitted_at=time.time())

    @classmethod
    def finished(
        cls, visitor: str, kind: str, payload: Payload, events: tuple[Event, ...], result: Compressed, at: float
    ) -> Job:
        """A job that finished earlier, at `at`, with this result. It is in no queue and in no registry."""
        job, stored_events = cls(visitor, kind, payload), Compressed.of(events)
        job._view = replace(
            job._view, state="finished", stored_events=stored_events, stored_result=result,
            size=len(stored_events.data) + len(result.data), started_at=at, finished_at=at,
        )  # fmt: skip
        return job

    def view(self) -> JobView:
        """The job as it is now. A view never changes."""
        return self._view

    def look(self) -> JobView:
        """The same, for a page that shows the job to a visitor. Records the time, so that the job is not abandoned."""
        self.looked_at = time.monotonic()
        return self._view

    def replace_view(self, view: JobView) -> None:
        """Give the job a new view. Only its registry calls this, under its lock."""
        self._view = view

    def is_abandoned(self, seconds: float) -> bool:
        """Whether no page has shown it for `seconds` and no thread waits for it."""
        return not self.waiters and time.monotonic() - self.looked_at > seconds

    @property
    def line(self) -> tuple[str, bool]:
        """Jobs with equal lines run one after the other: those of a visitor, separately urgent ones and others."""
        return self.visitor, self.urgent

    @property
    def state(self) -> State:
        """queued, running, finished, cancelled, failed, lost, refused or abandoned."""
        return self._view.state

    @property
    def position(self) -> int | None:
        """1-based place in the queue, None when not queued."""
        return self._view.position

    @property
    def events(self) -> tuple[Event, ...]:
        """The reported events, in order."""
        return self._view.events

    @property
    def result(self) -> Any:
        """What the job's function returned; None before it has, and if the result was evicted."""
        return self._view.result

    @property
    def message(self) -> str:
        """A sentence for the visitor when failed, lost, cancelled, abandoned or refused."""
        return self._view.message

    @property
    def ended(self) -> bool:
        """Whether the job has reached its last state."""
        return self._view.ended
