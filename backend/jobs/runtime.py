"""Around a job in a worker process: what it may run, how it reports, how it is told to stop.

No Keras here: the server imports this file to name what it sends.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import psutil  # type: ignore[import-untyped]

from backend import __version__
from backend.jobs.compression import Compressed

#: Dask keeps a topic for ever, so every message travels under this one, with its job's id inside.
TOPIC = "twoheads"


class Cancelled(Exception):
    """Raised by a job that saw that it was cancelled."""


class Refused(Exception):
    """Raised by a job that cannot do what its payload asks; its text is a sentence for the visitor."""


@dataclass
class _Process:
    """What this worker process knows of itself."""

    warm: bool = False
    traced: int = 0
    running: str | None = None


_process = _Process()
_flagged: set[str] = set()


class Context:
    """A job's line to the server. Without ``send``, as in a notebook or a test, what it reports is dropped.

    ``wanted`` says whether anybody still waits for the job.
    """

    def __init__(
        self,
        job_id: str = "local",
        send: Callable[[dict[str, Any]], None] | None = None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self.job_id = job_id
        self._send = send
        self._wanted = wanted

    def report(self, event: dict[str, Any]) -> None:
        """Send ``event`` to the job's list of events. Plain values only: no NumPy scalars (TypeError)."""
        if self._send is not None:
            self._send({"job": self.job_id, "event": event})

    def cancelled(self) -> bool:
        """Whether the visitor has cancelled this job, or its server is gone. Cheap: ask every few steps."""
        return self.job_id in _flagged or not self._wanted()

    def raise_if_cancelled(self) -> None:
        """Raise ``Cancelled`` where ``cancelled()``."""
        if self.cancelled():
            raise Cancelled

    def traced(self, models: int = 1) -> None:
        """Say that new Keras models were traced: each leaks memory, so a worker is renewed after some."""
        _process.traced += models


def flag(job_id: str) -> None:
    """Tell the job that it is cancelled. Called on its worker, beside the thread that runs it."""
    _flagged.add(job_id)


def mark_warm() -> None:
    """Say that Keras is loaded and has built something, so that the first job need not wait for that."""
    _process.warm = True


@cache
def versions() -> dict[str, str]:
    """What decides a result besides the experiment: two processes that agree in this may answer for each other."""
    found = {"two-heads": __version__}
    for name in ("keras", "tensorflow", "tensorflow-cpu", "numpy"):  # there is TensorFlow under two names
        with suppress(importlib.metadata.PackageNotFoundError):
            found[name.removesuffix("-cpu")] = importlib.metadata.version(name)
    return found


def facts() -> dict[str, Any]:
    """This process: pid, whether it is warm, resident memory in MB, models traced, running job's id, versions."""
    return {
        "pid": os.getpid(),
        "warm": _process.warm,
        "rss_mb": psutil.Process().memory_info().rss / 2**20,
        "traced": _process.traced,
        "running": _process.running,
        "versions": versions(),
    }


def run(target: str, payload: dict[str, Any], job_id: str) -> dict[str, Any]:
    """Run the function named ``target`` ("module:function") as ``function(payload, context)``.

    Never raises, because the server would have to import the exception's module to read it (and with
    TensorFlow's, TensorFlow). Returns a dict with ``state`` ("finished", "cancelled" or "failed"), ``facts``,
    and one of ``result`` (packed, with its ``size`` in bytes), ``message`` (a sentence for the visitor) or
    ``traceback`` (text for the log).
    """
    from distributed import get_worker

    worker = get_worker()
    tasks, key = worker.state.tasks, worker.get_current_task()

    def wanted() -> bool:
        # Dask cannot stop what runs. It says so when the server has gone, or has let go of the answer.
        task = tasks.get(key)
        return task is not None and task.state != "cancelled"

    context = Context(job_id, lambda message: worker.log_event(TOPIC, message), wanted)
    worker.log_event(TOPIC, {"job": job_id, "begun": True, "worker": worker.contact_address})
    _process.running = job_id
    try:
        context.raise_if_cancelled()
        result = Compressed.of(_load(target)(payload, context))
        outcome = {"state": "finished", "result": result, "size": len(result.data)}
    except Cancelled:
        outcome = {"state": "cancelled"}
    except Refused as refusal:
        outcome = {"state": "failed", "message": str(refusal)}
    except (Exception, SystemExit):
        outcome = {"state": "failed", "traceback": traceback.format_exc()}
    finally:
        _process.running = None
        _flagged.discard(job_id)
    return {**outcome, "facts": facts()}


def _load(target: str) -> Callable[[dict[str, Any], Context], Any]:
    module, _, name = target.partition(":")
    function: Callable[[dict[str, Any], Context], Any] = getattr(importlib.import_module(module), name)
    return function
