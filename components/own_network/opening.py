"""Where a visitor opens a `.keras` file or pastes its configuration, and which model the link names."""

from __future__ import annotations

import streamlit as st

from backend.database import Unavailable
from backend.own_network.examination import Examination, examine
from backend.own_network.json_text import MAX_BYTES
from backend.own_network.refusal import AT_HOME, Refused
from backend.services import services
from components import browser
from components.own_network import help as helps
from components.session import page_options, state
from components.session.page_options import Options
from components.session.visitor import visitor, visitor_network
from components.text import for_markdown

_ID, _REWRITING = "network", "rewriting"
_FILE, _TEXT = "own.file", "own.text"
#: The key of the container of the finding, and before there is one, of the controls that it replaces: the focus of
#: these goes to the heading of that (`browser/focus.js`).
FINDING = "own.finding"
_REFUSAL, _OPENED = "own.refusal", "own.opened"


#: What the page's link contains: a stored architecture, and which of its heads are rewritten.
CHOICES: Options = {
    _ID: page_options.matching("[0-9a-f]{32}", "the id of a model, as in a link"),
    _REWRITING: page_options.whole_number(1_000),
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
    state.touch()
    try:
        id = services().own_networks.keep(text, visitor(), visitor_network())
    except Refused as refused:
        st.session_state[_REFUSAL] = _words(refused)
        return
    st.session_state[_OPENED] = times_opened() + 1
    page_options.choose(_ID, id)
    choose_rewriting(0)


def times_opened() -> int:
    """How many models the visitor has opened, other than by a link."""
    times: int = st.session_state.get(_OPENED, 0)
    return times


def close() -> None:
    """Show no model, from a callback."""
    st.session_state.pop(_REFUSAL, None)
    page_options.choose(_ID, "")
    choose_rewriting(0)


def delete() -> None:
    """Delete the model that the page shows, from a callback."""
    services().own_networks.delete(id())
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
        with st.expander("Or paste what `model.to_json()` returns"):
            st.text_area("Configuration", key=_TEXT, max_chars=MAX_BYTES, height=160, help=helps.text(_TEXT))
            st.button(
                "Read it", icon=":material/upload:", key="own.read", on_click=_pasted, help=helps.text("own.read")
            )
    if refusal := st.session_state.get(_REFUSAL):
        st.warning(refusal, icon=":material/block:")


def examined() -> tuple[str, Examination] | None:
    """The configuration that the link names, and its examination. If there is none, says why and returns None."""
    try:
        text = services().own_networks.find(id())
    except Unavailable as error:
        st.warning(
            f"Stored models cannot be read now, because {error}. Open the file again.", icon=":material/cloud_off:"
        )
        return None
    if text is None:
        st.info(
            "This server no longer has the model of this link: its time is over, or it was deleted. Open the "
            "file again.",
            icon=":material/link_off:",
        )
        return None
    try:
        return text, examine(text)
    except Refused as refused:  # stored by an earlier version, which read it
        st.warning(_words(refused), icon=":material/block:")
        return None


def _words(refused: Refused) -> str:
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
