"""The job that executes both scripts of a mistake: what a worker gets. It returns an `Evidence`."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import SerializeAsAny

from backend.questions.base import Measured, QuestionJob
from backend.questions.mistakes import MISTAKES, Mistake, own
from backend.questions.mistakes.base import Nothing, OwnScripts
from backend.questions.mistakes.own import OWN


class MistakeJob(QuestionJob):
    """The payload of a `mistake` job: the key of one of our mistakes, or the scripts of a lesson's author."""

    kind = "mistake"
    page = "learn"
    noun = "Mistake"
    usual_seconds = 3.0
    urgent = True
    most_kept = 64
    family: ClassVar = {**MISTAKES, OWN.key: OWN}

    settings: SerializeAsAny[Measured]

    @classmethod
    def on(cls, mistake: Mistake) -> MistakeJob:
        """The request to run both scripts of `mistake`."""
        return cls(question=OWN.key if mistake.scripts else mistake.key, settings=mistake.scripts or Nothing())

    @property
    def definition(self) -> Mistake:
        """The mistake. Scripts of an author have no text here: `sources` reads them."""
        its = self.settings
        return own.mistake_of(its) if isinstance(its, OwnScripts) else MISTAKES[self.question]

    @property
    def decided_by(self) -> str:
        """Both scripts of an author."""
        return self.settings.digest if isinstance(self.settings, OwnScripts) else ""

    def sources(self, allowed: Path | None) -> tuple[str, ...]:
        """What a worker executes: both scripts, each with what reads it. Raises NoScripts.

        `allowed` is the folder whose scripts the operator allows.
        """
        if isinstance(self.settings, OwnScripts):
            return own.texts_of(self.settings, allowed)
        mistake = self.definition
        return f"{mistake.broken}\n{mistake.reading}", f"{mistake.mended}\n{mistake.reading}"
