"""One job: what a visitor asked for, and where it stands."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from backend.jobs.compression import decompress

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
    cancelling: bool = False  # asked to stop, not stopped yet
    reported: Any = ()  # the events as they are kept: a tuple, packed once the job has ended
    kept: Any = None  # the result as it came: packed, or a plain value; None where it was let go
    message: str = ""  # a sentence for the visitor when failed, lost, cancelled, abandoned or refused
    size: int = 0  # bytes of what is kept
    started_at: float | None = None
    finished_at: float | None = None

    @property
    def events(self) -> tuple[dict[str, Any], ...]:
        """What the job reported, in order."""
        events: tuple[dict[str, Any], ...] = decompress(self.reported)
        return events

    @property
    def result(self) -> Any:
        """What the job's function returned, None before."""
        return decompress(self.kept)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in ("queued", "running")


@dataclass(eq=False)
class Job:
    """A handle that any thread may read: each change replaces its view as a whole, so no reader needs a lock."""

    visitor: str
    kind: str
    payload: dict[str, Any]
    urgent: bool = False
    #: May run beside another of its visitor's, where nobody else waits.
    parallel: bool = False
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    requeue_count: int = field(init=False, default=0)  # times that it was queued again, because it had not begun
    #: The state that the server ends it in, and why: a sentence for the visitor.
    stopped: tuple[State, str] | None = field(init=False, default=None)
    looked_at: float = field(init=False, default_factory=lambda: time.monotonic())  # by a page, whoever's it was
    waiters: int = field(init=False, default=0)  # threads that wait for its end
    _view: JobView = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._view = JobView(self.id, self.visitor, self.kind, submitted_at=time.time())

    def view(self) -> JobView:
        """The job as it stands now; it does not change in the reader's hands."""
        return self._view

    def look(self) -> JobView:
        """The same, for a page that shows it to somebody who wants it: the job is not abandoned."""
        self.looked_at = time.monotonic()
        return self._view

    def abandoned(self, seconds: float) -> bool:
        """Whether nobody has looked at it for so long, nor waits for it."""
        return not self.waiters and time.monotonic() - self.looked_at > seconds

    @property
    def state(self) -> State:
        """queued, running, finished, cancelled, failed, lost, refused or abandoned."""
        return self._view.state

    @property
    def position(self) -> int | None:
        """1-based place in the queue, None when not queued."""
        return self._view.position

    @property
    def events(self) -> tuple[dict[str, Any], ...]:
        """What the job reported, in order."""
        return self._view.events

    @property
    def result(self) -> Any:
        """What the job's function returned, None before."""
        return self._view.result

    @property
    def message(self) -> str:
        """A sentence for the visitor when failed, lost, cancelled or refused."""
        return self._view.message

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self._view.ended
