"""Measures recordings of jobs anew: `python -m backend.worker.record FILE…` (`backend/jobs/recorded.py`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from backend.jobs.compression import Compressed
from backend.jobs.messages import Payload
from backend.jobs.recorded import Recording
from backend.jobs.runtime import Context, JobRefused, Outcome, load
from backend.worker.kinds import JOB_KINDS
from backend.worker.preload import set_threads


def measured(payload: Payload) -> Recording:
    """Run the job in this process, and return what a worker would report and return."""
    events: list[dict[str, Any]] = []
    context = Context(send=lambda event: events.append(event.model_dump()))
    try:
        result = load(JOB_KINDS[payload.kind].function)(payload, context)
        outcome = Outcome("finished", result=Compressed.of(result))
    except JobRefused as refusal:
        outcome = Outcome("failed", message=str(refusal))
    return Recording(payload.kind, payload.model_dump(mode="json"), tuple(events), outcome)


if __name__ == "__main__":
    set_threads()
    for file in map(Path, sys.argv[1:]):
        recording = Recording.read(file)
        measured(JOB_KINDS[recording.kind].payload.model_validate(recording.payload)).write(file)
        print(file.name)
