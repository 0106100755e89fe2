"""One line of JSON for each job at its end. It contains neither the visitor's cookie nor any text of theirs."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import sys
from datetime import UTC, datetime
from typing import Any

from backend.jobs import Job
from backend.jobs.messages import Payload
from backend.limits import largest

log = logging.getLogger("twoheads.jobs")

#: New at each start of the server. So lines of two starts cannot be joined, and a cookie cannot be looked up in them.
_salt = secrets.token_bytes(16)


def to_stdout() -> None:
    """Write the lines to standard output, one per job, whatever other logging is set up."""
    if not log.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def write(job: Job) -> None:
    """Write the line of a job that has ended."""
    log.info(json.dumps(line(job)))


def line(job: Job) -> dict[str, Any]:
    """The line of a job that has ended. `wait` and `run` are seconds; `run` is None for a job that never ran."""
    view = job.view()
    ended = view.finished_at or view.submitted_at
    ran = view.started_at is not None
    return {
        "event": "job",
        "at": datetime.fromtimestamp(ended, UTC).isoformat(timespec="milliseconds"),
        "job": job.id[:8],
        "visitor": pseudonym(job.visitor),
        "kind": job.kind,
        "model": size(job.payload),
        "wait": round((view.started_at or ended) - view.submitted_at, 3),
        "run": round(ended - (view.started_at or ended), 3) if ran else None,
        "outcome": view.state,
    }


def pseudonym(visitor: str) -> str:
    """A short name, unique to a visitor within one start of the server, from which no cookie can be derived."""
    return hashlib.blake2b(visitor.encode(), key=_salt, digest_size=5).hexdigest()


def size(payload: Payload) -> dict[str, Any]:
    """The size of the largest model that a job builds, in numbers alone: heads have names and labels."""
    architecture = largest(payload)
    if architecture is None:
        return {}
    return {
        "timesteps": architecture.timesteps,
        "features": architecture.features,
        "lstm": list(architecture.lstm),
        "dense": [layer.units for layer in architecture.dense],
        "heads": len(architecture.heads),
    }
