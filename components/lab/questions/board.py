"""The questions of the Lab: the visitor predicts first, then sees what is recorded, and can measure it here."""

from __future__ import annotations

import streamlit as st

from backend.questions.lab.job import LabJob
from backend.questions.lab.recorded import Recorded, recorded_evidence
from components import help as helps
from components.investigations.page_job import PageJob
from components.investigations.prediction import mark_sentence, shared
from components.lab.questions import outcome, settings
from components.layout import share_card
from components.live.polling import Watch

#: The key of the container with the pictures of the answer.
_RESULT = "lab.result"


def _question_job() -> LabJob:
    """The question on the page with the settings that are chosen there."""
    question = settings.question()
    return LabJob.of(question, settings.settings(question))


_JOB = PageJob(
    _question_job, "lab", "Run it here", "Run it here again", asks_prediction=True
)  # fmt: skip


def show() -> None:
    """Draw the choice of a question, its settings, and the rest as a fragment that polls while it is measured."""
    st.header("Questions", anchor="questions")
    st.markdown("Predict first. Then see what was measured.")
    settings.show_menu()
    question = settings.question()
    settings.show(question)
    job = _question_job()

    def draw() -> None:
        _JOB.show_interrupted()
        if (sentence := job.refusal()) is not None:
            st.info(f"{question.question}  \n{sentence}", icon=":material/block:")
        elif _JOB.is_shown():
            _result(job)
        else:
            _prediction_form()

    # After "Run again", the page may show another question.
    Watch(_JOB.pending, others=lambda: _question_job().subject).draw(draw)


def _prediction_form() -> None:
    """Ask for a prediction, which the visitor may skip."""
    with st.container(border=True, gap="small", key="lab.prediction"):
        _JOB.ask(helps.text("lab.predict"))
        helps.button("lab.reveal", "Show without a prediction", _JOB.reveal, icon="visibility", type="tertiary")


def _result(job: LabJob) -> None:
    """The prediction, what was measured, and the buttons."""
    question, chosen, view = job.definition, job.settings, _JOB.view()
    measured: Recorded | None = view.result if view is not None and view.state == "finished" else None
    recorded = measured or recorded_evidence(question.key, chosen)
    verdict = question.test(recorded.evidence) if recorded is not None else None
    said = f"{_JOB.answer(verdict)}  \n{verdict.finding if verdict else ''}"
    with st.container(border=True, gap="small", key="lab.verdict"):
        if recorded is None:
            said += "Nothing has been measured with these settings yet. Press **Run it here** to measure it."
        st.markdown(said)
        if recorded is not None:
            outcome.show_source(recorded, measured_here=measured is not None)
        _JOB.controls(view)
        if verdict is not None:
            share_card.show(
                share_card.Card(
                    place="Lab", title=question.title, picture=question.draw(recorded.evidence) if recorded else None,
                    prediction=shared(verdict, _JOB.prediction()),
                    finding=f"{mark_sentence(verdict, None)} {verdict.finding}",
                ),
                key=f"lab.{question.key}",
            )  # fmt: skip
    if recorded is not None and verdict is not None:
        with st.container(key=_RESULT):
            outcome.show(question, chosen, recorded, verdict)
    _JOB.announce(view, lambda: said)
