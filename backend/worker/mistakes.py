"""The job that executes both scripts of a mistake, ours or those of a lesson's author, and keeps what they show."""

from __future__ import annotations

from io import StringIO
from typing import Any

from backend.config.environment import settings
from backend.jobs.runtime import Cancelled, Context, JobRefused
from backend.questions.base import Measured
from backend.questions.mistakes import MistakeEvidence, Ran
from backend.questions.mistakes.job import MistakeJob
from backend.questions.mistakes.own import NoScripts
from backend.worker.script import run_script

#: The most characters that are kept of what a script prints, and of its exception.
MOST_PRINTED, MOST_ERROR = 4000, 300


class _Shown(Measured):
    """What a script shows. An author's script may set anything or nothing."""

    answer: Any = ""


def mistake(job: MistakeJob, context: Context) -> MistakeEvidence:
    """The evidence of the mistake: its broken and its mended script, each executed in variables of its own.

    Raises `JobRefused` if they are an author's, and the operator has not allowed their folder.
    """
    try:
        broken, mended = job.sources(settings().lessons_scripts)
    except NoScripts as reason:
        raise JobRefused(str(reason)) from None
    return MistakeEvidence(broken=run(broken, context), mended=run(mended, context))


def run(source: str, context: Context) -> Ran:
    """Execute `source` and keep what it prints, and its variable `answer` or the exception that ends it."""
    printed = StringIO()
    try:
        answer = run_script(source, _Shown, context, printed).answer
    except Cancelled:
        raise
    except Exception as error:
        lines = str(error).strip().splitlines() or [""]
        message = _bounded(f"{type(error).__name__}: {lines[0]}", MOST_ERROR)
        return Ran(printed=_bounded(printed.getvalue(), MOST_PRINTED), error=message)
    printed_text = _bounded(printed.getvalue(), MOST_PRINTED)
    return Ran(printed=printed_text, answer=answer if isinstance(answer, str) else "")


def _bounded(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
