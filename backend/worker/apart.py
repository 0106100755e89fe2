"""Runs a function on a stranger's data in a process of its own: bounded in memory and time, and without a network.

A second process imports Keras once, and forks for each call. So a call starts in milliseconds, and the worker keeps
its memory. What comes back is JSON, which the caller validates.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any, NamedTuple

from backend.jobs.messages import Event, Progress
from backend.jobs.runtime import Cancelled, Context, JobRefused

#: What the second process gets of the environment, in which a server may have secrets.
_ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "TMPDIR",
    "VIRTUAL_ENV",
    "TF_CPP_MIN_LOG_LEVEL",
    "OMP_NUM_THREADS",
)
#: The second process ends if it is not needed for so many seconds.
_IDLE = 600.0
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
#: Whether the system can fork and bound a process. If not, functions run in the worker.
CAN_FORK = sys.platform == "linux"


class Limits(NamedTuple):
    """Seconds of the processor, and MB of memory above what Keras itself needs."""

    seconds: int
    megabytes: int


def run(function: str, payload: str, limits: Limits, context: Context) -> str:
    """What `function` ("module:function") returns, called as `function(payload, context)` in a process of its own.

    Raises `JobRefused` with a sentence if the function does, or if it exceeds the limits; `Cancelled`; and RuntimeError
    with the traceback of another exception.
    """
    if not CAN_FORK:
        return _function(function)(payload, context)
    with _lock:
        parent = _forker()
        parent.connection.send_bytes(json.dumps([function, payload, *limits]).encode())
        return _outcome(parent.connection, limits, context)


class _Forker(NamedTuple):
    process: subprocess.Popen[bytes]
    connection: Connection


_lock = Lock()
_running: _Forker | None = None


def _forker() -> _Forker:
    """The process that forks, started if it does not run."""
    global _running
    if _running is None or _running.process.poll() is not None:
        mine, theirs = Pipe()
        environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        process = subprocess.Popen(
            [sys.executable, "-c", f"from backend.worker.apart import serve; serve({theirs.fileno()})"],
            pass_fds=[theirs.fileno()], env=environment | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        theirs.close()
        _running = _Forker(process, mine)
    return _running


def _outcome(connection: Connection, limits: Limits, context: Context) -> str:
    """What the call returns. The events that it sends are reported, and it is killed if the job is cancelled."""
    child, cancelled, answer, value = 0, False, "refused", _exceeded(limits)
    latest = time.monotonic() + 60 + 4 * limits.seconds
    while True:
        if connection.poll(0.05):
            kind, sent = json.loads(connection.recv_bytes())
            if kind == "started":
                child = sent
            elif kind == "progress":
                context.report(Progress(share=sent))
            elif kind == "ended":
                break
            else:
                answer, value = kind, sent
        elif child and not cancelled and (context.cancelled() or time.monotonic() > latest):
            cancelled = context.cancelled()
            os.kill(child, signal.SIGKILL)
    if cancelled:
        raise Cancelled
    if answer == "failed":
        raise RuntimeError(value)
    if answer == "refused":
        raise JobRefused(value)
    return value


def _exceeded(limits: Limits) -> str:
    return (
        f"This model needs more than {limits.seconds} seconds or {limits.megabytes:,} MB here, the most that the app "
        "spends on it."
    )


def serve(descriptor: int) -> None:
    """Import what a request names, and fork for each until the worker ends or does not ask for long."""
    connection = Connection(descriptor)
    while connection.poll(_IDLE):
        try:
            request = connection.recv_bytes()
        except EOFError:
            return
        function, *others = json.loads(request)
        called = _function(function)  # imported here, once, and not in each child
        child = os.fork()
        if child == 0:
            try:
                _answer(connection, called, *others)
            finally:
                os._exit(0)
        _send(connection, "started", child)
        os.waitpid(child, 0)
        _send(connection, "ended", None)


_Function = Callable[[str, Context], str]


def _answer(connection: Connection, function: _Function, payload: str, seconds: int, megabytes: int) -> None:
    """Call the function under the limits, and send what it returns or why it does not."""
    try:
        _confine(seconds, megabytes)
        _send(connection, "result", function(payload, _Reporting(connection)))
    except JobRefused as refused:
        _send(connection, "refused", str(refused))
    except MemoryError:
        _send(connection, "refused", _exceeded(Limits(seconds, megabytes)))
    except Exception as error:
        _send(connection, "failed", f"{type(error).__name__}: {error}"[:2_000])


def _confine(seconds: int, megabytes: int) -> None:
    import resource

    with open("/proc/self/statm") as statistics:
        used = int(statistics.read().split()[0]) * resource.getpagesize()
    for limit, most in (
        (resource.RLIMIT_AS, used + megabytes * 2**20), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):  # fmt: skip
        resource.setrlimit(limit, (most, most))
    ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)  # where the system allows it


class _Reporting(Context):
    """The context of a call in another process: progress is sent, and whoever cancels kills the process."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    def report(self, event: Event) -> None:
        if isinstance(event, Progress):
            _send(self._connection, "progress", event.share)


def _send(connection: Connection, kind: str, value: Any) -> None:
    connection.send_bytes(json.dumps([kind, value]).encode())


def _function(name: str) -> _Function:
    module, _, function = name.partition(":")
    called: _Function = getattr(importlib.import_module(module), function)
    return called
