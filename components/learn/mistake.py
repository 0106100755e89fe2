"""One mistake: the script that goes wrong; and after the prediction what Keras does, why, and the corrected script."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.lessons.scripts import job_of
from backend.questions.claims.base import NO, YES
from backend.questions.mistakes import Mistake, Verdict
from backend.questions.mistakes.base import Evidence, Ran
from backend.services import services
from components import code_panel
from components.session.visitor import visitor


def show_script(mistake: Mistake[Any]) -> None:
    """Draw the script that goes wrong."""
    code_panel.show("The script", mistake.broken, set(), key=f"mistake.{mistake.key}.broken")


def evidence(mistake: Mistake[Any]) -> Evidence[Any] | None:
    """What both scripts did; None before they have run."""
    found: Evidence[Any] | None = services().shared.result(job_of(mistake), visitor())
    return found


def answer(mistake: Mistake[Any]) -> str | None:
    """The option that Keras gives; None if it gives none, or before the scripts have run."""
    found = evidence(mistake)
    return mistake.judge(found).answer if found is not None else None


def show(mistake: Mistake[Any]) -> None:
    """Draw what both scripts do, once they have run."""
    found = evidence(mistake)
    if found is None:
        return
    verdict = mistake.judge(found)
    _output(found.broken)
    st.markdown(f"{mistake.symptom} {verdict.finding}".strip() if verdict.happens else verdict.finding)
    _explanation(mistake, found, verdict)


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
