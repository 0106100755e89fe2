"""Jobs that tests run in real workers. No Keras: they are about the machinery."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from typing import Any

from backend.jobs.runtime import Context, Refused


def count(payload: dict[str, Any], context: Context) -> int:
    """Count to `to`, `pause` seconds a step, reporting each and looking at the flag."""
    for n in range(1, payload["to"] + 1):
        context.raise_if_cancelled()
        context.report({"n": n, "at": time.time()})
        time.sleep(payload.get("pause", 0.01))
    return payload["to"]


def deaf(payload: dict[str, Any], context: Context) -> None:
    """Hold the interpreter's lock, so that the worker hears nothing at all; the file `mark` says that it does."""
    context.report({"pid": os.getpid()})
    time.sleep(0.3)  # let the report leave
    sys.setswitchinterval(600)
    holding = ctypes.PyDLL(None)  # unlike CDLL, it does not release the lock
    holding.creat(os.fsencode(payload["mark"]), 0o600)
    holding.sleep(600)


def crash(payload: dict[str, Any], context: Context) -> None:
    """End the worker process in mid-job."""
    context.report({"pid": os.getpid()})
    time.sleep(0.3)  # let the report leave
    os._exit(1)


def fail(payload: dict[str, Any], context: Context) -> None:
    """Raise what a bug would raise."""
    raise ZeroDivisionError("a secret of the server")


def refuse(payload: dict[str, Any], context: Context) -> None:
    """Raise what a visitor may read."""
    raise Refused("64 heads do not fit; up to 16 do.")


def allocate(payload: dict[str, Any], context: Context) -> int:
    """Keep `mb` megabytes for good, as a leak would."""
    LEAK.append(bytearray(os.urandom(1024)) * (payload["mb"] * 1024))
    return len(LEAK)


def grow(payload: dict[str, Any], context: Context) -> None:
    """Take a gigabyte more than it has, and stay."""
    for _ in range(20):
        LEAK.append(bytearray(os.urandom(1024)) * (50 * 1024))
    time.sleep(600)


LEAK: list[bytearray] = []


def trace(payload: dict[str, Any], context: Context) -> int:
    """Say that some models were traced, and in which process."""
    context.traced(payload["models"])
    return os.getpid()
