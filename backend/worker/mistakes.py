"""The jobs that execute both scripts of a mistake, ours or those of a lesson's author, and read what they show."""

from __future__ import annotations

import os
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

from backend.config.environment import settings
from backend.jobs.messages import Phase
from backend.jobs.runtime import Cancelled, Context, Refused
from backend.questions.mistakes import MISTAKES
from backend.questions.mistakes.base import E, Evidence, Raised, Ran, bounded_output
from backend.questions.mistakes.job import MistakeJob
from backend.questions.mistakes.own import NoScripts, OwnScriptsJob, Values, text_of
from backend.worker.build import execute
from backend.worker.script import cancellable_fits, read_variables


def mistake(job: MistakeJob, context: Context) -> Evidence[Any]:
    """The evidence of the mistake: its broken and its mended script, each executed in variables of its own."""
    definition = MISTAKES[job.mistake]
    context.report(Phase(phase="running"))
    return Evidence(
        run(definition.broken, definition.evidence, context), run(definition.mended, definition.evidence, context)
    )


def own_scripts(job: OwnScriptsJob, context: Context) -> Evidence[Any]:
    """The evidence of an author's scripts. Raises `Refused` if the operator has not allowed their folder."""
    context.report(Phase(phase="running"))
    allowed = settings().lessons_scripts
    try:
        if allowed is None or any(script.folder != os.path.realpath(allowed) for script in job.scripts):
            raise NoScripts("This worker may not run the scripts of this folder.")
        broken, mended = (text_of(script) for script in job.scripts)
    except NoScripts as reason:
        raise Refused(str(reason)) from None
    return Evidence(run(broken, Values, context), run(mended, Values, context))


def run(source: str, evidence: type[E], context: Context) -> Ran[E]:
    """Execute `source` and keep what it prints, and the variables that `evidence` names or the exception that ends it.

    Each `print` and each batch of a `fit` checks whether the job was cancelled, and raises `Cancelled`.
    """
    printed = StringIO()

    def checked_print(*values: Any, **options: Any) -> None:
        context.raise_if_cancelled()
        print(*values, **options)

    context.raise_if_cancelled()
    # A worker runs one job at a time, so its output can be redirected. Keras prints a summary itself.
    with cancellable_fits(context), redirect_stdout(printed):
        try:
            variables = execute(source, print=checked_print)
        except Cancelled:
            raise
        except Exception as error:
            return Ran(bounded_output(printed.getvalue()), raised=Raised.of(error))
        if evidence is Values:  # an author's script, which may set anything or nothing
            given = variables.get("answer", "")
            values = evidence.model_validate({"answer": given if isinstance(given, str) else ""})
        else:
            values = read_variables(variables, evidence)
        del variables  # it would keep the models alive
    return Ran(bounded_output(printed.getvalue()), values=values)
