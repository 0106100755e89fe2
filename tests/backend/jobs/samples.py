"""Jobs that tests run in real workers. No Keras: these tests are about the machinery."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from typing import Annotated, Literal

from pydantic import Field

from backend.jobs.messages import Event, Payload
from backend.jobs.runtime import Context, JobRefused


class Nothing(Payload):
    """For jobs that need no settings."""


class Count(Payload):
    to: int
    pause: float = 0.01


#: The file that says that the test has received the event is named as the job's own, with this at the end.
RECEIVED = ".received"


class Mark(Payload):
    mark: str


class Megabytes(Payload):
    mb: int


class Models(Payload):
    models: int
    then_to: int = 0


class ModelsOf(Models):
    """A payload that a worker is faster at after another one of the same architecture."""

    of: str

    @property
    def affinity(self) -> str:
        return self.of


class Counted(Event):
    event: Literal["counted"] = "counted"
    n: int
    at: float


class Process(Event):
    event: Literal["process"] = "process"
    pid: int


SampleEvent = Annotated[Counted | Process, Field(discriminator="event")]


def count(job: Count, context: Context) -> int:
    """Count to `to`, `pause` seconds a step, reporting each number and checking for cancellation."""
    for n in range(1, job.to + 1):
        context.raise_if_cancelled()
        context.report(Counted(n=n, at=time.time()))
        time.sleep(job.pause)
    return job.to


def deaf(job: Mark, context: Context) -> None:
    """Hold the interpreter's lock, so that the worker receives nothing at all; then the file `mark` exists."""
    _report(job, context)
    sys.setswitchinterval(600)
    holding = ctypes.PyDLL(None)  # unlike CDLL, it does not release the lock
    holding.creat(os.fsencode(job.mark), 0o600)
    holding.sleep(600)


def crash(job: Mark, context: Context) -> None:
    """End the worker process in the middle of the job."""
    _report(job, context)
    os._exit(1)


def _report(job: Mark, context: Context) -> None:
    """Report the process, and go on when the test has received that: `helpers.begin` creates the file."""
    context.report(Process(pid=os.getpid()))
    while not os.path.exists(job.mark + RECEIVED):
        time.sleep(0.02)


def fail(job: Nothing, context: Context) -> None:
    """Raise what a bug would raise."""
    raise ZeroDivisionError("a secret of the server")


def refuse(job: Nothing, context: Context) -> None:
    """Raise what a visitor may read."""
    raise JobRefused("64 heads do not fit; up to 16 do.")


def allocate(job: Megabytes, context: Context) -> int:
    """Keep `mb` megabytes for good, as a leak would."""
    LEAK.append(bytearray(os.urandom(1024)) * (job.mb * 1024))
    return len(LEAK)


def grow(job: Nothing, context: Context) -> None:
    """Take more memory than the worker has, and stay."""
    for _ in range(30):
        LEAK.append(bytearray(os.urandom(1024)) * (50 * 1024))
    time.sleep(600)


LEAK: list[bytearray] = []


def trace(job: Models, context: Context) -> int:
    """Count some models as traced, then to `then_to` as `count` does; returns the process."""
    context.traced(job.models)
    count(Count(to=job.then_to), context)
    return os.getpid()
