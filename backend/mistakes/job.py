"""The job that executes both scripts of a mistake: what a worker gets. It returns an `Evidence`."""

from __future__ import annotations

from pydantic import field_validator

from backend.jobs.messages import Payload
from backend.mistakes import MISTAKES


class MistakeJob(Payload):
    """The payload of a `mistake` job: the key of one of ours, and nothing else."""

    mistake: str

    @field_validator("mistake")
    @classmethod
    def _known(cls, key: str) -> str:
        if key not in MISTAKES:
            raise ValueError(f"the mistakes are {', '.join(MISTAKES)}")
        return key
