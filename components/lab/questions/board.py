"""The questions of the Lab: the visitor predicts first, then sees what is recorded, and can measure it here."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.jobs import JobView
from backend.lab.job import QuestionJob
from backend.lab.questions import QUESTIONS, Question, url
from backend.lab.recorded import Recorded, recorded_evidence
from backend.training.store import InterruptedRun
from components.investigations.page_job import PageJob
from components.lab import help as helps
from components.lab.questions import outcome, settings
from components.live import interrupted
from components.live.polling import poll_while
from components.session import page_options, state


def show() -> None:
    """Draw the choice of a question, its settings, and the rest as a fragment that polls while it is measured."""
    st.header("Questions", anchor="questions")
    st.markdown("Predict the answer first. Then see what was measured, on a fixed problem or on your own network.")
    settings.show_menu()
    question = settings.question()
    chosen = settings.settings(question)
    settings.show(question)

    def draw() -> None:
        asked = QuestionJob.of(question, chosen)
        if lost := interrupted.lost(QuestionJob.kind):
            interrupted.show(lost, f"measurement of “{_question_of(lost).title}”", _repeat)
        if (sentence := asked.refusal()) is not None:
            st.info(f"{question.question}  \n{sentence}", icon=":material/block:")
        elif _JOB.shown():
            _answered(asked)
        else:
            _asked(question)

    poll_while(draw, _JOB.pending)


def _asked(question: Question[Any, Any]) -> None:
    """Ask for a prediction, which can also be left out."""
    with st.container(border=True, gap="small", key="lab.prediction"):
        _JOB.ask(f"lab.predict.{question.key}", helps.text("lab.predict"))
        st.button(
            "Show without a prediction", type="tertiary", icon=":material/visibility:", key="lab.reveal",
            on_click=_JOB.reveal, help=helps.text("lab.reveal"),
        )  # fmt: skip


def _answered(asked: QuestionJob) -> None:
    """The prediction, what was measured, and the buttons."""
    question, chosen, view = asked.definition, asked.settings, _JOB.view()
    here: Recorded | None = view.result if view is not None and view.state == "finished" else None
    found = here or recorded_evidence(question.key, chosen)
    prediction = _JOB.prediction()
    with st.container(border=True, gap="small", key="lab.verdict"):
        if found is None:
            if prediction is not None:
                st.markdown(f"You predicted “{prediction}”.")
            st.markdown("Nothing has been measured with these settings yet. Press **Run it here** to measure it.")
        else:
            outcome.show_verdict(question, found, prediction)
            outcome.show_source(found, measured_here=here is not None)
        _controls(view, measured=here is not None)
    if found is not None:
        outcome.show(question, chosen, found)


def _controls(view: JobView | None, measured: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        _JOB.buttons(
            view, ("Run it here", "Run it here again"), (helps.text("lab.run"), helps.text("lab.cancel")),
            ("lab.run", "lab.cancel"), done=measured,
        )  # fmt: skip
        _JOB.script(helps.text("lab.script"), "lab.script")
        _JOB.again(helps.text("lab.again"), "lab.again")
    _JOB.status(view, lambda share: "Measuring …")


def _chosen() -> QuestionJob:
    """The question on the page with the settings that are chosen there."""
    question = settings.question()
    return QuestionJob.of(question, settings.settings(question))


_JOB = PageJob(_chosen, predicted=True)


def _question_of(lost: InterruptedRun) -> Question[Any, Any]:
    """The question that was measured; the one that is open at first if its key no longer exists."""
    return QUESTIONS.get(lost.query.get(url.OPEN, [""])[-1]) or QUESTIONS[url.DEFAULTS[url.OPEN]]


def _repeat() -> None:
    """Measure again what an earlier server lost. The visitor had predicted it, or asked to see it."""
    lost = interrupted.lost(QuestionJob.kind)
    if lost is not None:
        question = _question_of(lost)
        keys = {url.OPEN, *url.write(question, question.settings())}
        page_options.restore({key: option for key, option in settings.CHOICES.items() if key in keys}, lost.query)
        chosen = settings.settings(question)
        if chosen.on(lost.experiment) != chosen:
            state.replace(lost.experiment)
        _JOB.start()
