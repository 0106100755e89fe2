"""The questions of the Lab: the visitor predicts first, then sees what is recorded, and can measure it here."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.jobs import JobView
from backend.jobs.messages import Progress
from backend.lab.answers import KIND, subject
from backend.lab.questions import QUESTIONS, Question, url
from backend.lab.questions.base import Measured
from backend.lab.recorded import Recorded, recorded_evidence
from backend.services import services
from backend.training.store import InterruptedRun
from components.lab.questions import outcome, settings
from components.live import interrupted, refusal
from components.live.job_status import progress
from components.live.polling import first_unfinished, poll_while
from components.session import page_options, state
from components.session.visitor import visitor
from components.sidebar import help as helps


def show() -> None:
    """Draw the choice of a question, its settings, and the rest as a fragment that polls while it is measured."""
    st.header("Questions", anchor="questions")
    st.markdown("Predict the answer first. Then see what was measured, on a fixed problem or on your own network.")
    settings.show_menu()
    question = settings.question()
    chosen = settings.settings(question)
    settings.show(question)

    def draw() -> None:
        if lost := interrupted.lost(KIND):
            interrupted.show(lost, f"measurement of “{_question_of(lost).title}”", _repeat)
        if (sentence := question.refuse(chosen)) is not None:
            st.info(f"{question.question}  \n{sentence}", icon=":material/block:")
        elif services().answers.predictions.revealed(subject(question, chosen), visitor()):
            _answered(question, chosen)
        else:
            _asked(question)

    poll_while(draw, lambda: first_unfinished([services().answers.find(question, chosen, visitor())]))


def _asked(question: Question[Any, Any]) -> None:
    """Ask for a prediction. Nothing that was measured is sent."""
    key = f"lab.predict.{question.key}"

    def predict() -> None:
        state.touch()
        option = st.session_state[key]
        if option in question.options:
            services().answers.predictions.predict(_subject(), visitor(), option)

    def reveal() -> None:
        state.touch()
        services().answers.predictions.reveal([_subject()], visitor())

    st.session_state[key] = None
    with st.container(border=True, gap="small", key="lab.prediction"):
        st.radio(question.question, question.options, key=key, on_change=predict, help=helps.text("lab.predict"))
        st.button(
            "Show without a prediction", type="tertiary", icon=":material/visibility:", key="lab.reveal",
            on_click=reveal, help=helps.text("lab.reveal"),
        )  # fmt: skip


def _answered(question: Question[Any, Any], chosen: Measured) -> None:
    """The prediction, what was measured, and the buttons."""
    job = services().answers.find(question, chosen, visitor())
    view = job.view() if job else None
    here: Recorded | None = view.result if view is not None and view.state == "finished" else None
    found = here or recorded_evidence(question.key, chosen)
    prediction = services().answers.predictions.predicted(subject(question, chosen), visitor())
    with st.container(border=True, gap="small", key="lab.verdict"):
        if found is None:
            if prediction is not None:
                st.markdown(f"You predicted “{prediction}”.")
            st.markdown("Nothing has been measured with these settings yet. Press **Run it here** to measure it.")
        else:
            outcome.show_verdict(question, found, prediction)
            outcome.show_source(found, measured_here=here is not None)
        _controls(question, chosen, view, measured=here is not None)
    if found is not None:
        outcome.show(question, chosen, found)


def _controls(question: Question[Any, Any], chosen: Measured, view: JobView | None, measured: bool) -> None:
    mine = services().answers.awaits(question, chosen, visitor())
    cancelling = view is not None and view.cancelling
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Run it here again" if measured else "Run it here", type="secondary" if measured else "primary",
            icon=":material/replay:" if measured else ":material/play_arrow:", key="lab.run", on_click=_start,
            kwargs={"again": measured}, disabled=mine, help=helps.text("lab.run"),
        )  # fmt: skip
        st.button(
            "Cancel", icon=":material/stop:", key="lab.cancel", on_click=_cancel, disabled=not mine or cancelling,
            help=helps.text("lab.cancel"),
        )  # fmt: skip
        st.download_button(
            "Script", lambda: question.script(chosen), file_name=f"two-heads-{question.key}.py", mime="text/x-python",
            icon=":material/download:", on_click="ignore", key="lab.script", help=helps.text("lab.script"),
        )  # fmt: skip
        st.button(
            "Predict again", icon=":material/ink_eraser:", type="tertiary", key="lab.again", on_click=_predict_again,
            help=helps.text("lab.again"),
        )  # fmt: skip
    refusal.show(KIND)
    if view is None or view.state == "finished":
        return
    if not view.ended:
        if not mine:
            st.caption("Another visitor has requested this measurement.")
        done = max([event.share for event in view.events if isinstance(event, Progress)], default=0.0)
        progress(view, done, "Measuring …")
    elif view.state in ("cancelled", "abandoned"):
        st.info(view.message, icon=":material/stop_circle:")
    else:
        st.warning(view.message, icon=":material/error:")


def _subject() -> Any:
    question = settings.question()
    return subject(question, settings.settings(question))


def _start(again: bool = False) -> None:
    state.touch()
    question = settings.question()
    chosen = settings.settings(question)
    job = services().answers.request(question, chosen, visitor(), again)
    if not refusal.refused(job):
        choices = {url.OPEN: question.key, **url.write(question, chosen)}
        interrupted.begun(KIND, state.experiment(), {"": job}, **choices)


def _cancel() -> None:
    state.touch()
    question = settings.question()
    chosen = settings.settings(question)
    interrupted.forget(KIND, services().answers.find(question, chosen, visitor()))
    services().answers.release(question, chosen, visitor())


def _predict_again() -> None:
    state.touch()
    services().answers.predictions.predict(_subject(), visitor(), None)


def _question_of(lost: InterruptedRun) -> Question[Any, Any]:
    """The question that was measured; the one that is open at first if its key no longer exists."""
    return QUESTIONS.get(lost.query.get(url.OPEN, [""])[-1]) or QUESTIONS[url.DEFAULTS[url.OPEN]]


def _repeat() -> None:
    """Measure again what an earlier server lost. The visitor had predicted it, which that server has forgotten."""
    lost = interrupted.lost(KIND)
    if lost is not None:
        question = _question_of(lost)
        keys = {url.OPEN, *url.write(question, question.settings())}
        page_options.restore({key: option for key, option in settings.CHOICES.items() if key in keys}, lost.query)
        chosen = settings.settings(question)
        if chosen.on(lost.experiment) != chosen:
            state.replace(lost.experiment)
        services().answers.predictions.reveal([_subject()], visitor())
        _start()
