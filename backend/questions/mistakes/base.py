"""What a mistake is: a script that goes wrong, a question about it, the mended script, and what both show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from backend.questions import base
from backend.questions.base import Measured, Question

#: The option of a question that says that the script raises an exception.
RAISES = "Keras raises an error"
#: The form of the name of an author's script. It has no slash, because the script is in the folder itself.
SCRIPT_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}\.py"


class Ran(Measured):
    """A script that was executed: what it printed, and its variable `answer` or the exception that ended it.

    `error` is the exception's type and the first line of its message.
    """

    printed: str = ""
    answer: str = ""
    error: str = ""

    @property
    def output(self) -> str:
        """What the script printed, with the exception below it, as a person sees it."""
        return "\n".join(part for part in (self.printed.rstrip(), self.error) if part)


class MistakeEvidence(Measured):
    """Both scripts of a mistake, executed."""

    broken: Ran
    mended: Ran


@dataclass(frozen=True)
class MistakeVerdict(base.Verdict):
    """What the evidence says about a mistake: `answer`, `finding` and `why` are about the script that goes wrong.

    `happens` says whether this version of Keras still gives the ticked option. `mended` says whether the mended script
    gives another one, and `mended_finding` says so.
    """

    happens: bool = field(kw_only=True)
    mended: bool = field(kw_only=True)
    mended_finding: str = field(kw_only=True)


class OwnScripts(Measured):
    """Where the scripts of a lesson's author are, and what the question offers. No source is in it.

    `digest` is that of both texts.
    """

    folder: str
    names: tuple[str, ...]
    digest: str
    title: str
    options: tuple[str, ...]
    ticked: str


class Nothing(Measured):
    """The settings of a mistake of ours, which has none."""


@dataclass(frozen=True, kw_only=True)
class Mistake(Question[Any, MistakeEvidence]):
    """A mistake that people make with several outputs.

    The visitor sees `key`, `title`, `question`, `options` and `broken` before they predict an option, so none of them
    may tell the answer. Each wrong option is what learners really believe; `misconceptions` names each belief, in the
    order of the options, with "" for the ticked one. `ticked` is the one that Keras 3.15 gives; the measurement
    decides. `broken` and `mended` are complete scripts that need Keras and NumPy alone. `symptom` is what a person sees
    of the mistake, `why` the reason, and `remedy` what the mended script does; all three are Markdown. `reading` is
    Python that a worker executes after either script: it sets `answer` to the option that the script shows.

    A mistake of a lesson's author has `scripts`, which set `answer` themselves; its reason is in the lesson.
    """

    settings: type[Measured] = Nothing
    evidence: type[MistakeEvidence] = MistakeEvidence
    measure: str = "backend.worker.mistakes:mistake"
    misconceptions: tuple[str, ...]
    ticked: str
    broken: str
    mended: str
    symptom: str = ""
    why: str = ""
    remedy: str = ""
    reading: str = ""
    scripts: OwnScripts | None = None

    def script(self, settings: Measured) -> str:
        """The script that goes wrong."""
        return self.broken

    def verdict(self, evidence: MistakeEvidence) -> MistakeVerdict:
        """What the broken script does, why, and whether the mended script is mended."""
        (answer, finding), (after, mended_finding) = self._shown(evidence.broken), self._shown(evidence.mended)
        mended = not evidence.mended.error and after not in (None, self.ticked)
        if mended:  # an option may give a reason, which is true of the broken script alone
            mended_finding = f"The script no longer shows: {self.ticked.rstrip('.')}."
        return MistakeVerdict(
            answer=answer,
            finding=finding,
            why=self.why,
            happens=answer == self.ticked,
            mended=mended,
            mended_finding=mended_finding,
        )

    def _shown(self, ran: Ran) -> tuple[str | None, str]:
        """The option that an executed script shows, or None, and a sentence about it."""
        if ran.error:
            return RAISES if RAISES in self.options else None, f"The error is a `{ran.error.partition(':')[0]}`."
        if ran.answer not in self.options:
            return None, "The script sets no variable `answer` to the text of an option."
        return ran.answer, f"The script shows: {ran.answer.rstrip('.')}."


def deciding_lines(script: str, other: str) -> str:
    """The lines in which a script differs from the `other`, with their neighbours; empty if there are none."""
    groups = SequenceMatcher(None, script.splitlines(), other.splitlines()).get_grouped_opcodes(1)
    return excerpt(script, {i + 1 for group in groups for i in range(group[0][1], group[-1][2])})


def excerpt(script: str, numbers: Collection[int]) -> str:
    """The lines of a script with these numbers, from 1; “…” stands for the rest, and empty lines go."""
    shown: list[str] = []
    for number, line in enumerate(script.splitlines(), 1):
        if line.strip() and (number in numbers or shown[-1:] != ["…"]):
            shown.append(line if number in numbers else "…")
    return "\n".join(shown) if {*shown} - {"…"} else ""
