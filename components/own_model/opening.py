"""Where a visitor opens a `.keras` file or pastes its configuration, and which model the link names."""

from __future__ import annotations

from functools import partial

import streamlit as st

from backend.database import Unavailable
from backend.jobs import Job
from backend.own_model.allowed import MAX_BYTES
from backend.own_model.examples import examples
from backend.own_model.found import Found
from backend.own_model.job import FindHeadsJob
from backend.own_model.refusal import AT_HOME, ModelRefused
from backend.own_model.store import OwnModel
from backend.services import services
from components import browser
from components import help as helps
from components.live.job_status import building_sentence
from components.live.polling import Watch, first_unfinished
from components.session import page_options
from components.session.page_options import Options
from components.session.visitor import visitor, visitor_network
from components.text import for_markdown

_ID, _REWRITING = "network", "rewriting"
_FILE, _TEXT = "own.file", "own.text"
#: The key of the container of the finding, and before there is one, of the controls that it replaces: the focus of
#: these goes to the heading of that (`browser/focus.js`).
FINDING = "own.finding"
_REFUSAL = "own.refusal"


#: What the page's link contains: a stored architecture, and which of its heads are rewritten.
CHOICES: Options = {
    _ID: page_options.matching("[0-9a-f]{32}", "the id of a model, as in a link"),
    _REWRITING: page_options.whole_number(3),
}


def id() -> str:
    """The id of the model that the page shows; empty for none."""
    return page_options.chosen(_ID)


def rewriting() -> int:
    """The position of the rewriting that the page shows."""
    return int(page_options.chosen(_REWRITING) or 0)


def choose_rewriting(position: int) -> None:
    """Show another rewriting, from a callback."""
    page_options.choose(_REWRITING, str(position) if position else "")


def open_text(text: str) -> None:
    """Read a configuration and show its model, or why the app does not read it; from a callback."""
    st.session_state.pop(_REFUSAL, None)
    try:
        id = services().own_models.keep(text, visitor(), visitor_network())
    except ModelRefused as refused:
        st.session_state[_REFUSAL] = _words(refused)
        return
    page_options.choose(_ID, id)
    choose_rewriting(0)


def close() -> None:
    """Show no model, from a callback."""
    st.session_state.pop(_REFUSAL, None)
    page_options.choose(_ID, "")
    choose_rewriting(0)


def delete() -> None:
    """Delete the model that the page shows, from a callback."""
    services().own_models.delete(id())
    close()


def show() -> None:
    """Draw where a file is opened or a text is pasted, and why the last one was refused."""
    with st.container(key=FINDING):
        browser.mount(
            "own_file",
            {"label": "Open a .keras file", "words": "or drop it here. Your browser sends the architecture in it. "
             "The weights stay on your machine."},
            key=_FILE, on_configuration_change=_opened,
        )  # fmt: skip
        first, *others = [
            partial(helps.button, "own.example", title, open_text, text, at=f"{number}")
            for number, (title, text) in enumerate(examples().items())
        ]
        first()
        with st.expander("Other examples, or paste the JSON of a model", type="compact"):
            with st.container(horizontal=True):
                for each in others:
                    each()
            st.text_area("Configuration", key=_TEXT, max_chars=MAX_BYTES, height=160, help=helps.text(_TEXT))
            helps.button("own.read", "Read it", _pasted, icon=":material/upload:")
    if refusal := st.session_state.get(_REFUSAL):
        st.warning(refusal, icon=":material/block:")


def model() -> OwnModel | None:
    """The stored model that the link names. If there is none, says why and returns None."""
    try:
        stored = services().own_models.find(id())
    except Unavailable as error:
        st.warning(
            f"Stored models cannot be read now, because {error}. Open the file again.", icon=":material/cloud_off:"
        )
        return None
    if stored is None:
        st.info(
            "This server no longer has the model of this link: its time is over, or it was deleted. Open the "
            "file again.",
            icon=":material/link_off:",
        )
    return stored


def found(stored: OwnModel) -> Found | None:
    """What a worker has found in the model. Before that, or if the app does not read it, says so and returns None."""
    if stored.found is not None:
        return stored.found
    job = services().shared.request(FindHeadsJob(id=id(), text=stored.text), visitor(), aside=True)
    watch = Watch(lambda: first_unfinished([job]))  # before the job is looked at, so that its end is never missed
    if job.state == "finished" and isinstance(job.result, Found):
        services().own_models.add(id(), stored, job.result)
        return job.result
    watch.draw(lambda: _show_finding(job))
    if job.ended:
        show()
    return None


def _show_finding(job: Job) -> None:
    view = job.view()
    if view.state == "finished" and isinstance(view.result, str):
        st.warning(_words(ModelRefused(view.result, at_home=False)), icon=":material/block:")
    elif view.ended and view.state != "finished":
        st.warning(view.message, icon=":material/block:")
    else:
        st.markdown(building_sentence(view, "Keras then builds your model, without weights, and its heads are found."))


def _words(refused: ModelRefused) -> str:
    """Why the app does not read a model, as Markdown: the reason may have names of the model's parts."""
    reason = for_markdown(refused.reason, 600)
    return reason if str(refused) == refused.reason else f"{reason} {AT_HOME}"


def _opened() -> None:
    text = browser.sent(_FILE, "configuration")
    if isinstance(text, str) and text:
        open_text(text)


def _pasted() -> None:
    open_text(_unquoted(st.session_state.get(_TEXT, "").strip()))


def _unquoted(text: str) -> str:
    """The text without the quotes with which Python shows what `model.to_json()` returns."""
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("\\'", "'").replace("\\\\", "\\")
    return text
