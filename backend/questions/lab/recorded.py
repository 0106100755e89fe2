"""Recorded evidence of the questions. The page first shows what was recorded with the published settings.

`benchmarks/recorded_lab.py` records it. A worker returns the same type.
"""

from __future__ import annotations

import json
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from backend.machine import Machine
from backend.questions.base import Measured
from backend.questions.lab import QUESTIONS
from backend.questions.lab.base import LabEvidence

RECORDED = Path(__file__).with_name("recorded.json")


class Recorded(BaseModel):
    """Evidence of one question, as plain values, with the machine that measured it, how long it took and when.

    `seconds` is processor time; `recorded_at` is in seconds since the epoch.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    measured: dict[str, Any]
    machine: Machine
    seconds: float
    recorded_at: float

    @cached_property
    def evidence(self) -> LabEvidence:
        """The evidence, of the question's own type."""
        evidence: LabEvidence = QUESTIONS[self.question].evidence.model_validate(self.measured)
        return evidence


@cache
def recorded() -> tuple[Recorded, ...]:
    """All recorded evidence, in the order of the questions and of their published settings."""
    return tuple(Recorded.model_validate(each) for each in json.loads(RECORDED.read_text(encoding="utf-8")))


@cache
def recorded_evidence(question: str, settings: Measured) -> Recorded | None:
    """What is recorded for the question with these settings; None if nothing is."""
    mine = (each for each in recorded() if each.question == question)
    return next((each for each in mine if each.evidence.settings == settings), None)
