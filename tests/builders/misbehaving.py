"""Functions that a process of its own has to bear: they loop, allocate, write, connect, fail or die."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

from backend.jobs.runtime import Context


def loops(payload: str, context: Context) -> str:
    while time.process_time() < 30:
        pass
    return ""


def allocates(payload: str, context: Context) -> str:
    return str(len([bytearray(10**6) for _ in range(1_000)]))


def writes(payload: str, context: Context) -> str:
    return str(Path(payload).write_text("x"))


def connects(payload: str, context: Context) -> str:
    with socket.create_connection(("127.0.0.1", int(payload)), 2):
        return "connected"


def fails(payload: str, context: Context) -> str:
    raise KeyError(payload)


def dies(payload: str, context: Context) -> str:
    os.kill(os.getpid(), signal.SIGKILL)
    return ""


def secret(payload: str, context: Context) -> str:
    return os.environ.get(payload, "")
