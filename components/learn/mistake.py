"""One mistake: the visitor reads the script, predicts what happens, then sees what Keras does, why, and the remedy."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.claims.base import NO, YES
from backend.jobs import Job, JobView
from backend.mistakes import Mistake, Verdict
from backend.mistakes.base import Evidence, Ran
from backend.services import services
from components import code_panel
from components.claims.card import marked
from components.live.job_status import waiting
from components.live.polling import first_unfinished, poll_while
from components.session import controls, state
from components.session.visitor import visitor

_HELP = "Choose what you expect. Then Two Heads runs the script in Keras and compares your prediction with the result."


def show(mistake: Mistake[Any]) -> None:
    """Draw the mistake as a fragment that polls while its scripts run. It must not stand within another fragment.

    Until the visitor has predicted, the browser receives the broken script and the question alone.
    """
    poll_while(lambda: _draw(mistake), lambda: first_unfinished([_job(mistake)]))


def show_result(mistake: Mistake[Any]) -> bool:
    """Draw what both scripts do, without a prediction and without a fragment. Returns whether it is measured."""
    job = services().mistakes.find(mistake, visitor()) or services().mistakes.request(mistake, visitor())
    view = job.view()
    if view.state == "finished":
        _result(mistake, view.result, None)
    else:
        st.markdown(view.message if view.ended else "Running both scripts in Keras …")
    return view.ended


def _job(mistake: Mistake[Any]) -> Job | None:
    """The job that runs the scripts, once the visitor has predicted."""
    if services().mistakes.predicted(mistake, visitor()) is None:
        return None
    return services().mistakes.find(mistake, visitor())


def _draw(mistake: Mistake[Any]) -> None:
    prediction = services().mistakes.predicted(mistake, visitor())
    with st.container(border=True, key=f"mistake.{mistake.key}", gap="small"):
        st.header(f"{mistake.number}. {mistake.title}", anchor=False)
        code_panel.show(
            f"The script of mistake {mistake.number}", mistake.broken, set(), key=f"mistake.{mistake.key}.broken"
        )
        if prediction is None:
            _question(mistake)
            return
        st.markdown(f"**{mistake.question}**")
        job = _job(mistake)
        if job is not None and job.state == "finished":
            _result(mistake, job.result, prediction)
        else:
            _status(mistake, job.view() if job is not None else None, prediction)
        st.button(
            "Predict again", icon=":material/ink_eraser:", type="tertiary", key=f"mistake.{mistake.key}.again",
            on_click=_forget, args=(mistake,), help="Forget your prediction and hide the result.",
        )  # fmt: skip


def _question(mistake: Mistake[Any]) -> None:
    def predict(option: str | None) -> None:
        state.touch()
        if option is not None:
            services().mistakes.predict(mistake, visitor(), option)
            services().mistakes.request(mistake, visitor())

    control = controls.shown(f"mistake.{mistake.key}.prediction", None, predict, mistake.options)
    st.radio(mistake.question, mistake.options, help=_HELP, **control)


def _status(mistake: Mistake[Any], view: JobView | None, prediction: str) -> None:
    """The prediction, and where the job stands or why it ended without a result."""
    st.markdown(f"You predicted “{prediction}”.")
    if view is not None and not view.ended:
        line = waiting(view) if view.state == "queued" else "Running both scripts in Keras …"
        st.caption(f":material/hourglass_top: {line}")
        return
    if view is not None:
        st.warning(view.message, icon=":material/error:")
    st.button(
        "Run the scripts", icon=":material/play_arrow:", key=f"mistake.{mistake.key}.run", on_click=_run,
        args=(mistake,), help="Run the script and its mended form in Keras.",
    )  # fmt: skip


def _result(mistake: Mistake[Any], evidence: Evidence[Any], prediction: str | None) -> None:
    found = mistake.judge(evidence)
    if prediction is not None:
        st.markdown(marked(found, prediction))
    _output(evidence.broken)
    st.markdown(f"{mistake.symptom} {found.finding}" if found.happens else found.finding)
    st.subheader("Why?", anchor=False)
    st.markdown(found.why)
    st.subheader("The mended script", anchor=False)
    st.markdown(mistake.remedy)
    _, changed = code_panel.differences(mistake.broken, mistake.mended)
    code_panel.show(
        f"The mended script of mistake {mistake.number}", mistake.mended, changed,
        key=f"mistake.{mistake.key}.mended",
    )  # fmt: skip
    _output(evidence.mended)
    st.markdown(_mended(found))


def _output(ran: Ran[Any]) -> None:
    """What a script printed, and its error, which is one long line."""
    st.caption("The script ends with an error" if ran.raised else "The script prints")
    st.code(ran.output, language=None, wrap_lines=ran.raised is not None)


def _mended(found: Verdict) -> str:
    """Whether the mended script is mended, in Markdown."""
    if found.mended:
        return f":green[**{YES} Mended.**] {found.mended_finding}"
    return f":red[**{NO} Not mended with this version of Keras.**] {found.mended_finding}"


def _run(mistake: Mistake[Any]) -> None:
    state.touch()
    services().mistakes.request(mistake, visitor())


def _forget(mistake: Mistake[Any]) -> None:
    state.touch()
    services().mistakes.predict(mistake, visitor(), None)
    services().mistakes.release(mistake, visitor())
