"""A mistake in two scripts that a lesson's author wrote. A worker runs them if the operator allows the lesson's folder.

A script names what it shows in a variable: `answer = "the text of an option"`. If the first script ends with an
exception, that is the option “Keras raises an error”.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from backend.questions.base import Investigation, Measured, Subject
from backend.questions.mistakes.base import Evidence, Mistake, Reading, Verdict
from backend.questions.pictures import Table

#: The form of a script's name. It has no slash, because the script is in the folder itself.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}\.py")
#: The most bytes of a script.
MOST_BYTES = 20_000
_NOT_ALLOWED = (
    "These scripts are not run: the operator of this server has not allowed the scripts of this folder "
    "(`TWOHEADS_LESSONS_SCRIPTS`)."
)


class NoScripts(ValueError):
    """Scripts that cannot be run, with the reason in a sentence."""


class Values(Measured):
    """What a script names in its variable `answer`: the text of an option, or nothing."""

    answer: str = ""


class Script(BaseModel):
    """A script by its folder and name, and the digest of what was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str
    name: str = Field(pattern=rf"^{NAME.pattern}$")
    digest: str


@dataclass(frozen=True, kw_only=True)
class OwnMistake(Mistake[Values]):
    """A mistake in two scripts that a lesson's author wrote."""

    scripts: tuple[Script, Script]

    def judge(self, evidence: Evidence[Values]) -> Verdict:
        """The verdict. The reasons stand in the lesson."""
        broken, mended = self.reading(evidence.broken), self.reading(evidence.mended)
        return Verdict(
            answer=broken.answer, finding=broken.finding, why="", happens=broken.answer == self.ticked,
            mended=not mended.wrong, mended_finding=mended.finding,
        )  # fmt: skip


class OwnScriptsJob(Investigation):
    """The payload of a job that runs both scripts: where they are, and what the question offers. No source is in it."""

    kind = "own_scripts"
    page = "learn"
    noun = "Scripts"
    usual_seconds = 5.0
    urgent = True
    most_kept = 64

    scripts: tuple[Script, Script]
    heading: str
    offered: tuple[str, ...]
    ticked: str

    @property
    def definition(self) -> OwnMistake:
        """The mistake. Raises NoScripts if a script has changed."""
        broken, mended = (text_of(script) for script in self.scripts)
        return _mistake(self.heading, self.offered, self.ticked, self.scripts, broken, mended)

    @property
    def subject(self) -> Subject:
        """Both scripts."""
        return "scripts:", "-".join(script.digest[:12] for script in self.scripts)

    def judge(self, result: Evidence[Any]) -> Verdict:
        """What both scripts show."""
        return _mistake(self.heading, self.offered, self.ticked, self.scripts, "", "").judge(result)

    def picture(self, result: Evidence[Any]) -> Table:
        """What both scripts show, one below the other."""
        verdict = self.judge(result)
        return Table([{"script": "first", "what it shows": verdict.finding},
                      {"script": "second", "what it shows": verdict.mended_finding}])  # fmt: skip

    def script(self) -> str:
        """The script that goes wrong."""
        return self.definition.broken


def job_of(mistake: OwnMistake) -> OwnScriptsJob:
    """The request to run both scripts of `mistake`."""
    return OwnScriptsJob(scripts=mistake.scripts, heading=mistake.title, offered=mistake.options, ticked=mistake.ticked)


def load(
    names: tuple[str, ...], folder: Path | None, allowed: Path | None, title: str, options: tuple[str, ...], ticked: str
) -> OwnMistake:
    """The mistake whose scripts have these names in the lesson's folder. Raises NoScripts.

    `allowed` is the folder whose scripts the operator allows.
    """
    if folder is None or allowed is None or os.path.realpath(folder) != os.path.realpath(allowed):
        raise NoScripts(_NOT_ALLOWED)
    texts = [_read(Path(os.path.realpath(folder)), name) for name in names]
    first, second = (
        Script(folder=os.path.realpath(folder), name=name, digest=_digest(text))
        for name, text in zip(names, texts, strict=True)
    )
    return _mistake(title, options, ticked, (first, second), *texts)


def text_of(script: Script) -> str:
    """The text of the script, if it is still the one that was read. Raises NoScripts."""
    text = _read(Path(script.folder), script.name)
    if _digest(text) != script.digest:
        raise NoScripts(f"The script {script.name} has changed. Load the page again.")
    return text


def _mistake(
    title: str, options: tuple[str, ...], ticked: str, scripts: tuple[Script, Script], broken: str, mended: str
) -> OwnMistake:
    return OwnMistake(
        key=f"own-{scripts[0].digest[:12]}", number=0, title=title, question="What do you expect?", options=options,
        misconceptions=("",) * len(options), ticked=ticked, broken=broken, symptom="", why="", remedy="",
        mended=mended, evidence=Values, read=partial(_reading, options, ticked), scripts=scripts,
    )  # fmt: skip


def _reading(options: tuple[str, ...], ticked: str, values: Values, printed: str) -> Reading:
    """The option that a script names. The corrected script must name another than the ticked one."""
    if values.answer not in options:
        return Reading(None, "The script sets no variable `answer` to the text of an option.", wrong=True)
    return Reading(values.answer, f"The script shows: {values.answer.rstrip('.')}.", wrong=values.answer == ticked)


def _read(folder: Path, name: str) -> str:
    path = folder / name
    try:
        if not NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
            raise NoScripts(f"There is no script {name[:60]} beside the lesson.")
        if path.stat().st_size > MOST_BYTES:
            raise NoScripts(f"The script {name} is larger than {MOST_BYTES:,} bytes.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NoScripts(f"The script {name} cannot be read as UTF-8 text.") from None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
