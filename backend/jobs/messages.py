"""The types that the server and a job exchange: payloads, events, and the kinds of jobs that combine them.

This package knows no domain. Each feature defines its own payload and events, and hands its kinds to `JobManager`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Payload(BaseModel):
    """Base of what a job gets: validated settings, never source or code. It travels to the worker pickled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: The name of its kind of job.
    kind: ClassVar[str]

    @property
    def affinity(self) -> Hashable:
        """A worker that has run a job of equal affinity runs this one faster. None: every worker takes as long."""
        return None


class SharedPayload(Payload):
    """The payload of a job whose result is the same for every visitor (`SharedJobs`).

    It says how jobs of its kind are queued, and how many of them are kept.
    """

    #: See `Job`.
    urgent: ClassVar[bool] = False
    parallel: ClassVar[bool] = False
    #: The most jobs of the kind that are kept, and the seconds after which one that has failed may be tried again.
    most_kept: ClassVar[int] = 256
    retry_after: ClassVar[float] = 0

    @property
    def key(self) -> Hashable:
        """Payloads of a kind with equal keys have the same result."""
        return self


class Event(BaseModel):
    """Base of what a running job reports. `event` names the type: each subclass declares its own literal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: str


class Phase(Event):
    """The job has entered a phase, such as "building"."""

    event: Literal["phase"] = "phase"
    phase: str


class Progress(Event):
    """How much of the job is done, as a share from 0 to 1."""

    event: Literal["progress"] = "progress"
    share: float


_USUAL: TypeAdapter[Any] = TypeAdapter(Annotated[Phase | Progress, Field(discriminator="event")])


@dataclass(frozen=True)
class JobKind:
    """One kind of job: the function that runs it in a worker, the payload that it takes, and the events it reports.

    `function` is "module:function", called as `function(payload, context)`. `events` validates one event; if there
    are several types, it is the adapter of a union with the discriminator `event`. Most report phases and progress.
    """

    function: str
    payload: type[Payload]
    events: TypeAdapter[Any] = _USUAL

    def read_event(self, message: Mapping[str, Any]) -> Event:
        """An event as it came from a worker. Raises pydantic's ValidationError."""
        event: Event = self.events.validate_python(message)
        return event
