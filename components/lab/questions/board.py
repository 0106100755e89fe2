"""The questions of the Lab: the visitor predicts first, then sees what is recorded, and can measure it here."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.jobs import JobView
from backend.questions.lab import QUESTIONS, Question, url
from backend.questions.lab.job import LabJob
from backend.questions.lab.recorded import Recorded, recorded_evidence
from backend.training.started import InterruptedJobs
from components import help as helps
from components.browser.announcement import announce_end
from components.investigations.page_job import PageJob
from components.investigations.prediction import mark_sentence, shared
from components.lab.questions import outcome, settings
from components.layout import share_card
from components.live.polling import Watch
from components.session import page_options, state

#: The key of the container with the pictures of the answer, and the place of what is read to a screen reader.
_RESULT = "lab.result"


def show() -> None:
    """Draw the choice of a question, its settings, and the rest as a fragment that polls while it is measured."""
    st.header("Questions", anchor="questions")
    st.markdown("Predict first. Then see what was measured.")
    settings.show_menu()
    question = settings.question()
    chosen = settings.settings(question)
    settings.show(question)

    def draw() -> None:
        job = LabJob.of(question, chosen)
        _JOB.show_interrupted(lambda run: f"measurement of “{_question_of(run).title}”", _restore)
        if (sentence := job.refusal()) is not None:
            st.info(f"{question.question}  \n{sentence}", icon=":material/block:")
        elif _JOB.is_shown():
            _result(job)
        else:
            _prediction_form(question)

    # After "Run again", the page may show another question.
    Watch(_JOB.pending, others=lambda: _JOB.investigation().subject).draw(draw)


def _prediction_form(question: Question[Any, Any]) -> None:
    """Ask for a prediction, which the visitor may skip."""
    with st.container(border=True, gap="small", key="lab.prediction"):
        _JOB.ask(f"lab.predict.{question.key}", helps.text("lab.predict"))
        st.button(
            "Show without a prediction", type="tertiary", icon=":material/visibility:", key="lab.reveal",
            on_click=_JOB.reveal, help=helps.text("lab.reveal"),
        )  # fmt: skip


def _result(job: LabJob) -> None:
    """The prediction, what was measured, and the buttons."""
    question, chosen, view = job.definition, job.settings, _JOB.view()
    measured: Recorded | None = view.result if view is not None and view.state == "finished" else None
    recorded = measured or recorded_evidence(question.key, chosen)
    prediction = _JOB.prediction()
    with st.container(border=True, gap="small", key="lab.verdict"):
        if recorded is None:
            if prediction is not None:
                st.markdown(f"You predicted “{prediction}”.")
            st.markdown("Nothing has been measured with these settings yet. Press **Run it here** to measure it.")
        else:
            outcome.show_verdict(question, recorded, prediction)
            outcome.show_source(recorded, measured_here=measured is not None)
        _controls(view)
        if recorded is not None:
            _share(question, recorded, prediction)
    if recorded is not None:
        with st.container(key=_RESULT):
            outcome.show(question, chosen, recorded)
    if view is not None:
        said = outcome.sentence(question, measured, prediction) if measured else view.message
        announce_end(_RESULT, view.id, said, running=not view.ended)


def _share(question: Question[Any, Any], recorded: Recorded, prediction: str | None) -> None:
    """The button that makes a picture of the answer."""
    verdict = question.test(recorded.evidence)
    share_card.show(
        share_card.Card(
            place="Lab", title=question.title, charts={_RESULT: ""}, prediction=shared(verdict, prediction),
            finding=f"{mark_sentence(verdict, None)} {verdict.finding}",
        ),
        key=f"lab.{question.key}",
    )  # fmt: skip


def _controls(view: JobView | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        _JOB.buttons(
            view, ("Run it here", "Run it here again"), (helps.text("lab.run"), helps.text("lab.cancel")),
            ("lab.run", "lab.cancel"),
        )  # fmt: skip
        _JOB.script_button(helps.text("lab.script"), "lab.script")
        _JOB.predict_again_button(helps.text("lab.again"), "lab.again")
    _JOB.status(view, lambda share: "Measuring …")


def _question_job() -> LabJob:
    """The question on the page with the settings that are chosen there."""
    question = settings.question()
    return LabJob.of(question, settings.settings(question))


_JOB = PageJob(_question_job, _RESULT, asks_prediction=True)


def _question_of(run: InterruptedJobs) -> Question[Any, Any]:
    """The question that was measured; the one that is open at first if its key no longer exists."""
    return QUESTIONS.get(run.query.get(url.OPEN, [""])[-1]) or QUESTIONS[url.FIRST]


def _restore(run: InterruptedJobs) -> None:
    question = _question_of(run)
    keys = {url.OPEN, *url.FIELDS[question.key].keys}
    page_options.restore({key: option for key, option in settings.CHOICES.items() if key in keys}, run.query)
    chosen = settings.settings(question)
    if chosen.on(run.experiment) != chosen:
        state.replace(run.experiment)
