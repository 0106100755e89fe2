"""Runs the function of a job in a worker process, sends its events, and knows when to stop.

It does not import Keras, because the server imports it to submit `run`.
"""

from __future__ import annotations

import importlib
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import psutil  # type: ignore[import-untyped]

from backend import TRAINER, __version__
from backend.jobs.compression import Compressed
from backend.jobs.messages import Event, Payload
from backend.machine import installed

#: Dask never removes a topic, so all messages share this one and carry the id of their job.
TOPIC = "twoheads"


class Cancelled(Exception):
    """Raised in a job that has been cancelled."""


class JobRefused(Exception):
    """Raised by a job that cannot do what its payload requests. Its text is a sentence for the visitor."""


@dataclass
class ProcessState:
    """A worker process at one moment. Memory is in MB; `running` is the id of the running job."""

    pid: int = 0
    warm: bool = False
    rss_mb: float = 0
    traced: int = 0
    running: str | None = None
    versions: dict[str, str] = field(default_factory=dict)


#: This process; its number, memory and versions are measured when they are read.
_process = ProcessState()
_flagged: set[str] = set()


@dataclass(frozen=True)
class Outcome:
    """How a job ended in its worker: at most one of `result`, `message` and `traceback` is set.

    `message` is a sentence for the visitor, `traceback` a text for the log. `process` is None if the worker was
    lost.
    """

    state: Literal["finished", "cancelled", "failed", "lost"]
    result: Compressed | None = None
    message: str = ""
    traceback: str = ""
    process: ProcessState | None = None


class Context:
    """A job's connection to the server. Without `send`, as in a notebook or a test, events are dropped.

    `still_needed` says whether any server still waits for the job.
    """

    def __init__(
        self,
        job_id: str = "local",
        send: Callable[[Event], None] | None = None,
        still_needed: Callable[[], bool] = lambda: True,
    ) -> None:
        self.job_id = job_id
        self._send = send
        self._still_needed = still_needed

    def report(self, event: Event) -> None:
        """Append `event` to the job's events in the server. Its values must be plain: no NumPy scalars (TypeError)."""
        if self._send is not None:
            self._send(event)

    def quiet(self) -> Context:
        """A context for a part of the same job. It drops events."""
        return Context(self.job_id, still_needed=self._still_needed)

    def cancelled(self) -> bool:
        """Whether the job has been cancelled, or its server is gone. It is cheap: call it every few steps."""
        return self.job_id in _flagged or not self._still_needed()

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` if the job has been cancelled."""
        if self.cancelled():
            raise Cancelled

    def traced(self, models: int = 1) -> None:
        """Count newly traced Keras models: each leaks memory, so a worker is renewed after some."""
        _process.traced += models


def flag(job_id: str) -> None:
    """Mark the job as cancelled. Dask calls this on the job's worker, beside the thread that runs the job."""
    _flagged.add(job_id)


def mark_warm() -> None:
    """Record that Keras is loaded and has built a model, so that the first job does not have to wait for that."""
    _process.warm = True


def versions() -> dict[str, str]:
    """The versions that decide a result besides the experiment: processes with equal versions are interchangeable."""
    return {"two-heads": __version__, "trainer": TRAINER, **installed()}


def process_state() -> ProcessState:
    """The state of this process."""
    rss_mb = psutil.Process().memory_info().rss / 2**20
    return replace(_process, pid=os.getpid(), rss_mb=rss_mb, versions=versions())


def run(target: str, payload: Payload, job_id: str) -> Outcome:
    """Run the function named `target` ("module:function") as `function(payload, context)`.

    It never raises: to read an exception, the server would have to import the exception's module, and with it
    TensorFlow.
    """
    from distributed import get_worker

    worker = get_worker()
    tasks, key = worker.state.tasks, worker.get_current_task()

    def still_needed() -> bool:
        # Dask cannot stop a running task, but it marks the task when its server has gone or has released the result.
        task = tasks.get(key)
        return task is not None and task.state != "cancelled"

    def send(event: Event) -> None:
        worker.log_event(TOPIC, {"job": job_id, "event": event.model_dump()})

    context = Context(job_id, send, still_needed)
    worker.log_event(TOPIC, {"job": job_id, "worker": worker.contact_address})  # the job starts
    _process.running = job_id
    try:
        context.raise_if_cancelled()
        outcome = Outcome("finished", result=Compressed.of(load(target)(payload, context)))
    except Cancelled:
        outcome = Outcome("cancelled")
    except JobRefused as refusal:
        outcome = Outcome("failed", message=str(refusal))
    except (Exception, SystemExit):
        outcome = Outcome("failed", traceback=traceback.format_exc())
    finally:
        _process.running = None
        _flagged.discard(job_id)
    return replace(outcome, process=process_state())


def load(target: str) -> Callable[[Payload, Context], Any]:
    """The function named `target` ("module:function"). It may import Keras."""
    module, _, name = target.partition(":")
    function: Callable[[Payload, Context], Any] = getattr(importlib.import_module(module), name)
    return function
