"""The job that executes both scripts of a mistake: what a worker gets. It returns an `Evidence`."""

from __future__ import annotations

from typing import Annotated, Any

from backend.questions.base import Investigation, Subject, key_of
from backend.questions.mistakes import MISTAKES, Mistake, Verdict
from backend.questions.mistakes.base import Evidence
from backend.questions.pictures import Table


class MistakeJob(Investigation):
    """The payload of a `mistake` job: the key of one of our mistakes, and nothing else."""

    kind = "mistake"
    page = "learn"
    noun = "Mistake"
    usual_seconds = 3.0
    urgent = True
    most_kept = 64

    mistake: Annotated[str, key_of(MISTAKES, "mistakes")]

    @classmethod
    def of(cls, mistake: Mistake[Any]) -> MistakeJob:
        """The request to run both scripts of `mistake`."""
        return cls(mistake=mistake.key)

    @property
    def definition(self) -> Mistake[Any]:
        """The mistake."""
        return MISTAKES[self.mistake]

    @property
    def subject(self) -> Subject:
        """The mistake, which has no settings."""
        return "mistake:", self.mistake

    def judge(self, result: Evidence[Any]) -> Verdict:
        """What this version of Keras does."""
        return self.definition.judge(result)

    def picture(self, result: Evidence[Any]) -> Table:
        """What both scripts do, one below the other."""
        verdict = self.judge(result)
        rows = {"as written": verdict.finding, "corrected": verdict.mended_finding}
        return Table([{"script": name, "what happens": finding} for name, finding in rows.items()])

    def script(self) -> str:
        """The script that goes wrong."""
        return self.definition.broken
