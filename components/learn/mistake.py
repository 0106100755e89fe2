"""One mistake: the script that goes wrong; and after the prediction what Keras does, why, and the corrected script."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.claims.base import NO, YES
from backend.jobs import Job
from backend.lessons.scripts import job_of
from backend.mistakes import Mistake, Verdict
from backend.mistakes.base import Evidence, Ran
from backend.services import services
from components import code_panel
from components.session.visitor import visitor


def show_script(mistake: Mistake[Any]) -> None:
    """Draw the script that goes wrong."""
    code_panel.show("The script", mistake.broken, set(), key=f"mistake.{mistake.key}.broken")


def find(mistake: Mistake[Any]) -> Job | None:
    """The job that runs the scripts; None if nobody has requested it."""
    return services().shared.find(job_of(mistake), visitor())


def answer(mistake: Mistake[Any]) -> str | None:
    """The option that Keras gives; None if it gives none, or before the scripts have run."""
    job = find(mistake)
    return mistake.judge(job.result).answer if job is not None and job.state == "finished" else None


def show(mistake: Mistake[Any]) -> None:
    """Draw what both scripts do, once they have run."""
    job = find(mistake)
    if job is not None and job.state == "finished":
        _show(mistake, job.result, explained=True)


def show_result(mistake: Mistake[Any], *, explained: bool) -> bool:
    """Have both scripts run, and draw their output, or say that they still run. Returns whether they have ended.

    Unless it is `explained`, only the output of the first script is drawn.
    """
    view = services().shared.find_or_request(job_of(mistake), visitor()).view()  # read once: it may end meanwhile
    if not view.ended:
        st.markdown("Running both scripts in Keras …")
        return False
    if view.state == "finished":
        _show(mistake, view.result, explained=explained)
    else:
        st.markdown(view.message)
    return True


def _show(mistake: Mistake[Any], evidence: Evidence[Any], *, explained: bool) -> None:
    _output(evidence.broken)
    if explained:
        verdict = mistake.judge(evidence)
        _symptom(mistake, verdict)
        _explanation(mistake, evidence, verdict)


def _symptom(mistake: Mistake[Any], verdict: Verdict) -> None:
    st.markdown(f"{mistake.symptom} {verdict.finding}".strip() if verdict.happens else verdict.finding)


def _explanation(mistake: Mistake[Any], evidence: Evidence[Any], verdict: Verdict) -> None:
    if verdict.why:
        st.subheader("Why", anchor=False)
        st.markdown(verdict.why)
    st.subheader("The corrected script", anchor=False)
    if mistake.remedy:
        st.markdown(mistake.remedy)
    _, changed = code_panel.differences(mistake.broken, mistake.mended)
    code_panel.show(
        "The corrected script", mistake.mended, changed, key=f"mistake.{mistake.key}.mended",
    )  # fmt: skip
    _output(evidence.mended)
    st.markdown(_correction_sentence(verdict))


def _output(ran: Ran[Any]) -> None:
    """What a script printed, and its error, which is one long line."""
    st.caption("The script ends with an error" if ran.raised else "The script prints")
    st.code(ran.output, language=None, wrap_lines=ran.raised is not None)


def _correction_sentence(verdict: Verdict) -> str:
    """Whether the corrected script is correct, in Markdown."""
    if verdict.mended:
        return f":green[**{YES} Corrected.**] {verdict.mended_finding}"
    return f":red[**{NO} Not corrected with this version of Keras.**] {verdict.mended_finding}"
