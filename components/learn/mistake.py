"""One mistake: the script that goes wrong; and after the prediction what Keras does, why, and the corrected script."""

from __future__ import annotations

import streamlit as st

from backend.questions.claims.base import NO, YES
from backend.questions.mistakes import Mistake, MistakeVerdict
from backend.questions.mistakes.base import MistakeEvidence, Ran
from backend.questions.mistakes.job import MistakeJob
from backend.services import services
from components import code_panel
from components.session.visitor import visitor


def show_script(mistake: Mistake) -> None:
    """Draw the script that goes wrong."""
    code_panel.show("The script", mistake.broken, key=f"mistake.{mistake.key}.broken")


def evidence(mistake: Mistake) -> MistakeEvidence | None:
    """What both scripts did; None before they have run."""
    found: MistakeEvidence | None = services().shared.result(MistakeJob.on(mistake), visitor())
    return found


def answer(mistake: Mistake) -> str | None:
    """The option that Keras gives; None if it gives none, or before the scripts have run."""
    found = evidence(mistake)
    return mistake.verdict(found).answer if found is not None else None


def show(mistake: Mistake) -> None:
    """Draw what both scripts do, once they have run."""
    found = evidence(mistake)
    if found is None:
        return
    verdict = mistake.verdict(found)
    _output(found.broken, f"{mistake.key}.broken")
    st.markdown((verdict.happens and mistake.symptom) or verdict.finding)
    _explanation(mistake, found, verdict)


def _explanation(mistake: Mistake, evidence: MistakeEvidence, verdict: MistakeVerdict) -> None:
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
    _output(evidence.mended, f"{mistake.key}.mended")
    st.markdown(_correction_sentence(verdict))


def _output(ran: Ran, key: str) -> None:
    """What a script printed, and its error, which is one long line."""
    st.caption("The script ends with an error" if ran.error else "The script prints")
    code_panel.show_output("The output", ran.output, whole=not ran.error, key=f"mistake.{key}.output")


def _correction_sentence(verdict: MistakeVerdict) -> str:
    """Whether the corrected script is correct, in Markdown."""
    if verdict.mended:
        return f":green[**{YES} Corrected.**] {verdict.mended_finding}"
    return f":red[**{NO} Not corrected with this version of Keras.**] {verdict.mended_finding}"
