"""The first visit: a vote on the drawing, its answer, and below it a training with Adam and one with plain SGD.

It is about the network of the thread. With other settings the page is Compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.presets import PRESETS, THREAD, THREAD_SGD
from backend.questions.compare.answer import answer
from backend.web.cookie import STORY, visitor_in
from components import diagram
from components.browser.announcement import announce
from components.compare.answer import consequences
from components.diagram.network import picture
from components.introduction import training
from components.investigations.prediction import marked
from components.layout import page, site
from components.session import controls, page_options, state
from components.session.page_options import Options, one_of

#: The experiment of the introduction, and the same with plain SGD.
NETWORK, WITH_SGD = PRESETS[THREAD], PRESETS[THREAD_SGD]
#: The answers of the vote, and which total loss can be the lower one.
YES, NO = "Yes", "No"
LOWER = ("Sequential's", "Functional's", "They are equal")
_BEAT, _ARRIVED, _GIVEN = "beat", "introduction.arrived", "introduction.predictions"
#: Where a visitor can be; after the end, the page is Compare.
END, QUESTION, ANSWER, ADAM, SGD = "end", "question", "answer", "adam", "sgd"
#: What the numbers of screens in old links mean.
_SCREENS = dict(zip("123456", (QUESTION, ANSWER, ADAM, ADAM, SGD, ANSWER), strict=True))
_beat = one_of(END, QUESTION, ANSWER, ADAM, SGD)
#: The option of the first page's link.
OPTIONS: Options = {_BEAT: replace(_beat, present=lambda text: _SCREENS.get(text, text))}


@dataclass(frozen=True)
class _Training:
    """A training of the introduction: what is trained, its title, and a sentence before the prediction."""

    experiment: Experiment
    title: str
    sentence: str


_TRAININGS = {
    ADAM: _Training(
        NETWORK,
        "Will they train the same?",
        "Both models start from copies of the same weights, and see the same sequences in the same order.",
    ),
    SGD: _Training(
        WITH_SGD,
        "And with plain SGD?",
        "Adam divides each gradient by its running size, so a larger loss changes little. Plain SGD does not divide: a "
        "larger loss makes longer steps.",
    ),
}


def lead(path: str) -> None:
    """Lead a newcomer to the question, before the page with that path reads its link.

    A newcomer is in the first run of a session, on the first page by its plain address, without the cookie of somebody
    who has been here. A browser without the visitor's cookie stores no cookies: it would get the question each time.
    """
    first = not st.session_state.get(_ARRIVED)
    st.session_state[_ARRIVED] = True
    cookies = st.context.cookies
    if first and path == "" and not state.url_query() and STORY not in cookies and visitor_in(cookies):
        st.query_params.from_dict({_BEAT: QUESTION})
    elif path:  # whoever comes back from another page finds the answer
        state.session().options.pop(_BEAT, None)


def place() -> str:
    """Where the visitor is in the introduction; the end on other pages and with other settings."""
    return (page_options.here(_BEAT) or END) if state.experiment() == NETWORK else END


def show(here: str) -> None:
    """Draw the introduction up to that place."""
    asks = here == QUESTION
    shown = picture(NETWORK.architecture, *NETWORK.styles()).simplified(asks=asks)
    diagram.show_picture(shown, key="introduction.drawing", play=not asks)
    with st.container(key="introduction"):
        if asks:
            _vote()
            return
        found, given = answer(NETWORK), _predictions().get(QUESTION)
        outcome = found.lead if given is None else f"{marked(given, given == YES, '')} It is the same network."
        st.container(key="introduction.outcome").markdown(outcome)
        if given:
            announce("introduction.vote", given, outcome)
        if here == ANSWER:
            training.prepare(NETWORK)
        elif not _train(here):
            return
        consequences(found)
        _ways()


def _vote() -> None:
    with st.container(horizontal=True, key="introduction.vote"):
        for reply in (YES, NO):
            st.button(reply, on_click=_predict, args=(reply,), width="stretch")


def _predict(reply: str) -> None:
    """Callback: take the vote, and show the answer."""
    _predictions()[QUESTION] = reply
    _go(ANSWER)


def _train(here: str) -> bool:
    """Draw a training: the prediction, then the mark and the curves. Returns whether it was the last and has ended."""
    step = _TRAININGS[here]
    with st.container(key=f"introduction.{here}"):
        st.header(step.title, anchor=False)
        page.workers()
        st.markdown(step.sentence)
        given = _ask(here, f"Which total loss is lower after {step.experiment.training.epochs} epochs?", LOWER)
        ended = False
        if given is None:
            training.prepare(step.experiment)
        else:
            ended = training.show(step.experiment, given, LOWER)
    if here == ADAM:
        st.button("Next: the same with plain SGD", type="primary", disabled=not ended, on_click=_go, args=(SGD,))
    return here == SGD and ended


def _ask(key: str, question: str, options: Sequence[str]) -> str | None:
    """Draw a question, and return which option the visitor predicts, once; None before that."""
    given = _predictions()

    def choose(chosen: str | None) -> None:
        if chosen:
            given[key] = chosen

    st.markdown(question)  # the label of a disabled control has too little contrast
    st.segmented_control(
        question, options, disabled=key in given, label_visibility="collapsed",
        **controls.button_group_state(f"introduction.prediction.{key}", given.get(key), choose),
    )  # fmt: skip
    return given.get(key)


def _ways() -> None:
    """Draw the ways on."""
    with st.container(horizontal=True, vertical_alignment="center", key="introduction.ways"):
        trained = place() == SGD
        if not trained:
            st.button("Train both", type="primary", icon=":material/play_arrow:", on_click=_go, args=(ADAM,))
        st.button(
            "Set your own network", key="introduction.own", type="primary" if trained else "secondary", on_click=_go,
            args=(END,),
        )  # fmt: skip
        st.page_link(site.page("own"), label="Bring your own model", icon=":material/folder_open:")
        st.page_link(site.page("learn"), label="Take a lesson", icon=":material/auto_stories:")


def _predictions() -> dict[str, str]:
    """What the visitor has predicted, by place."""
    given: dict[str, str] = st.session_state.setdefault(_GIVEN, {})
    return given


def _go(here: str) -> None:
    """Callback: show the introduction up to that place."""
    page_options.choose(_BEAT, here)
