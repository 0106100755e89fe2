"""The job that executes both scripts of a mistake: what a worker gets. It returns an `Evidence`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from backend.questions.base import Investigation, Subject, key_of
from backend.questions.mistakes import MISTAKES, Evidence, Mistake, Verdict, own
from backend.questions.mistakes.base import Script
from backend.questions.pictures import Table


class OwnScripts(BaseModel):
    """Where the scripts of a lesson's author are, and what the question offers. No source is in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scripts: tuple[Script, Script]
    heading: str
    offered: tuple[str, ...]
    ticked: str


class MistakeJob(Investigation):
    """The payload of a `mistake` job: the key of one of our mistakes, or the scripts of a lesson's author."""

    kind = "mistake"
    page = "learn"
    noun = "Mistake"
    usual_seconds = 3.0
    urgent = True
    most_kept = 64

    mistake: Annotated[str, key_of(MISTAKES, "mistakes")] | OwnScripts

    @classmethod
    def of(cls, mistake: Mistake) -> MistakeJob:
        """The request to run both scripts of `mistake`."""
        if mistake.scripts is None:
            return cls(mistake=mistake.key)
        return cls(
            mistake=OwnScripts(
                scripts=mistake.scripts, heading=mistake.title, offered=mistake.options, ticked=mistake.ticked
            )
        )

    @property
    def definition(self) -> Mistake:
        """The mistake. Scripts of an author have no text here: `script` and `sources` read them."""
        its = self.mistake
        if isinstance(its, str):
            return MISTAKES[its]
        return own.mistake_of(its.scripts, its.heading, its.offered, its.ticked)

    @property
    def subject(self) -> Subject:
        """The mistake, which has no settings, or both scripts."""
        if isinstance(self.mistake, str):
            return "mistake:", self.mistake
        return "scripts:", "-".join(script.digest[:12] for script in self.mistake.scripts)

    def judge(self, result: Evidence) -> Verdict:
        """What this version of Keras does."""
        return self.definition.judge(result)

    def picture(self, result: Evidence) -> Table:
        """What both scripts do, one below the other."""
        verdict = self.judge(result)
        rows = {"as written": verdict.finding, "corrected": verdict.mended_finding}
        return Table([{"script": name, "what happens": finding} for name, finding in rows.items()])

    def script(self) -> str:
        """The script that goes wrong. Raises NoScripts if it has changed."""
        its = self.mistake
        return MISTAKES[its].broken if isinstance(its, str) else own.text_of(its.scripts[0])

    def sources(self, allowed: Path | None) -> tuple[str, str]:
        """What a worker executes: both scripts, each with what reads it. Raises NoScripts.

        `allowed` is the folder whose scripts the operator allows.
        """
        if not isinstance(self.mistake, str):
            return own.texts_of(self.mistake.scripts, allowed)
        mistake = self.definition
        return f"{mistake.broken}\n{mistake.reading}", f"{mistake.mended}\n{mistake.reading}"
