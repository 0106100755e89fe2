"""The state of the workers, for people: one sentence, and the figures of each worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Status:
    """Whether jobs can run now, with a sentence for the page."""

    state: Literal["warming", "ready", "unavailable"]
    sentence: str


STARTING = Status("warming", "The workers are warming up. What you start now runs as soon as they are ready.")
UNAVAILABLE = Status(
    "unavailable",
    "The server cannot reach its workers, and keeps trying. Everything that needs no worker still works.",
)
DRAINING = Status(
    "unavailable",
    "The server is about to restart. Running jobs may still finish, but no new job starts. Wait a minute.",
)
STOPPED = Status("unavailable", "The server is stopping. Reload the page in a minute.")


def status_of(warm: int, cold: int, expected: int) -> Status:
    """The status of a cluster with `warm` usable workers and `cold` ones that failed to load Keras."""
    if warm >= expected:
        return Status("ready", "1 worker is ready." if warm == 1 else f"{warm} workers are ready.")
    if cold and not warm:
        return Status("unavailable", "The workers could not load Keras, so no job can run on this server.")
    if warm:
        return Status("warming", f"The workers are warming up: {warm} of {expected} ready.")
    return STARTING
