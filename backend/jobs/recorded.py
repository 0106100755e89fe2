"""Recorded results in place of workers: the server answers jobs at once, and nothing loads Keras. Only tests use it.

`TWOHEADS_WORKERS=recorded` starts a server with it. A job whose payload was not recorded fails. With
`TWOHEADS_RECORD=true`, it is measured by `backend/worker/record.py`, and recorded.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import pickle
import subprocess
import sys
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.config.settings import Settings
from backend.jobs.compression import Compressed
from backend.jobs.endings import ending
from backend.jobs.job import Job
from backend.jobs.messages import JobKind, Payload
from backend.jobs.registry import JobRegistry
from backend.jobs.runtime import Outcome
from backend.jobs.status import Status, status_of
from backend.jobs.workers import Worker

log = logging.getLogger(__name__)

#: A file in the server's state folder: how many events each job may have reported by now. Without it, all of them.
PACE = "events"
#: Seconds between two looks at that file.
_LOOK_EVERY = 0.02


_MISSING = Outcome("failed", message="There is no recording of this job.")


@dataclass(frozen=True)
class Recording:
    """What a worker reported and returned for one payload. The payload and the events are as they were sent."""

    kind: str
    payload: dict[str, Any]
    events: tuple[dict[str, Any], ...] = ()
    outcome: Outcome = _MISSING

    @classmethod
    def read(cls, file: Path) -> Recording:
        """Read a file. It is pickled, so it must come from this project. Raises FileNotFoundError."""
        kind, payload, events, state, message, result = pickle.loads(zlib.decompress(file.read_bytes()))
        return cls(kind, payload, events, Outcome(state, Compressed(result) if result else None, message))

    def write(self, file: Path) -> None:
        """Write the file. Only the result has types of this project, so the rest can be read if they are renamed."""
        state, message = self.outcome.state, self.outcome.message
        result = self.outcome.result.data if self.outcome.result is not None else b""
        plain = (self.kind, self.payload, self.events, state, message, result)
        file.write_bytes(zlib.compress(pickle.dumps(plain, protocol=5), level=9))


def file_of(folder: Path, payload: Payload) -> Path:
    """The file of a payload. Defaults are no part of its name, so a new setting leaves the recordings valid."""
    text = payload.model_dump_json(exclude_defaults=True)
    return folder / f"{payload.kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.recording"


class RecordedWorkers:
    """Takes jobs from the registry, as the dispatcher does, and answers them with recordings."""

    def __init__(self, registry: JobRegistry, kinds: Mapping[str, JobKind], settings: Settings, folder: Path) -> None:
        self._registry = registry
        self._kinds = kinds
        self._folder, self._record = folder, settings.record
        self._count = settings.workers
        self._pace = settings.state_dir / PACE
        self._jobs: dict[Job, Recording] = {}
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Answer jobs until this task is cancelled."""
        while True:
            self._wake.clear()
            while len(self._jobs) < self._count and (job := self._registry.take(self._count)) is not None:
                self._jobs[job] = await self._recording(job)
                self._wake.set()
            for job, recording in list(self._jobs.items()):
                self._replay(job, recording)
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY if self._jobs else None):
                    await self._wake.wait()

    def wake(self) -> None:
        """Look for jobs, now that there is a new one."""
        self._wake.set()

    def cancel(self, job: Job) -> None:
        """End a running job."""
        self._end(job, Outcome("cancelled"))

    def status(self) -> Status:
        """Always ready."""
        return status_of(self._count, 0, self._count)

    @property
    def workers(self) -> list[Worker]:
        """The workers, as if each were a process."""
        jobs = [*self._jobs, *[None] * self._count][: self._count]
        return [Worker(f"recorded-{i}", os.getpid(), True, 0, 0, job) for i, job in enumerate(jobs)]

    async def _recording(self, job: Job) -> Recording:
        if job.spare:  # recordings need no preparation
            return Recording(job.kind, {}, outcome=Outcome("finished"))
        file = file_of(self._folder, job.payload)
        if not file.exists() and self._record:
            file.parent.mkdir(parents=True, exist_ok=True)
            Recording(job.kind, job.payload.model_dump(mode="json")).write(file)
            command = [sys.executable, "-m", "backend.worker.record", str(file)]
            await asyncio.to_thread(subprocess.run, command, check=True)
        try:
            return Recording.read(file)
        except FileNotFoundError:
            log.error("there is no recording of %r", job.payload)
            return Recording(job.kind, {})

    def _replay(self, job: Job, recording: Recording) -> None:
        allowed = self._allowed()
        kind = self._kinds[job.kind]
        for event in recording.events[len(job.events) : allowed]:
            self._registry.report(job.id, kind.read_event(event))
        if allowed is None or allowed > len(recording.events):
            self._end(job, recording.outcome)

    def _allowed(self) -> int | None:
        try:
            return int(self._pace.read_text())
        except FileNotFoundError:
            return None

    def _end(self, job: Job, outcome: Outcome) -> None:
        state, message = ending(job, outcome)
        self._registry.end(job, state, outcome.result, message)
        self._jobs.pop(job, None)
        self._wake.set()
