"""The host's form for an ad-hoc question, and the ad-hoc questions that come next."""

from __future__ import annotations

import streamlit as st

from backend.lessons.adhoc import as_markdown
from backend.lessons.lesson import LONGEST_OPTION, LONGEST_TEXT, MOST_OPTIONS
from backend.rooms import Refused, Room, RoomView, adhoc
from backend.services import services
from components.rooms import help as helps
from components.rooms import leading

#: Session keys: how many questions this tab has added, and why the last one was refused.
_ADDED, _REFUSED = "room.adhoc.added", "room.adhoc.refused"
#: The most characters of a question in the list of those that come next.
_SHORT = 80


def show(view: RoomView) -> None:
    """Draw the form and, above it, the questions that come next."""
    room = view.room
    if room.state.closed:
        return
    st.header("Ad-hoc question", anchor=False)
    st.markdown("Ask the class something of your own. It has no right answer: everybody votes, and you show the votes.")
    _upcoming(room)
    if sentence := adhoc.refusal(room):
        st.markdown(sentence)
        return
    added = st.session_state.get(_ADDED, 0)
    text, options = f"room.adhoc.text.{added}", f"room.adhoc.options.{added}"  # new ones are empty
    known = text in st.session_state
    with st.form("room.adhoc", border=True):
        st.text_area("Question", max_chars=LONGEST_TEXT, key=text, height=80)
        st.text_area(
            "Options, one in each line", max_chars=MOST_OPTIONS * (LONGEST_OPTION + 1), key=options, height=120,
            help=helps.text("room.adhoc"),
        )  # fmt: skip
        if known and (refused := st.session_state.get(_REFUSED)):
            st.warning(as_markdown(refused), icon=":material/error:")
        st.form_submit_button(
            "Ask it next", icon=":material/add_comment:", on_click=_add, args=(room.id, text, options),
            help=helps.text("room.adhoc.add"),
        )  # fmt: skip


def _upcoming(room: Room) -> None:
    """Say which ad-hoc questions come next, if there are any."""
    questions = adhoc.upcoming(room)
    if not questions:
        return
    words = "Your question comes next" if len(questions) == 1 else f"Your {len(questions)} questions come next"
    st.markdown(f'<div role="status"><strong>{words}.</strong></div>', unsafe_allow_html=True)
    st.markdown("\n".join(f"1. {as_markdown(_shortened(question.text))}" for question in questions))


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1].rstrip()}…"


def _add(id: str, text: str, options: str) -> None:
    """Callback: add the question as it was typed. If it is refused, the form keeps it."""
    typed, lines = st.session_state.get(text, ""), st.session_state.get(options, "").splitlines()

    def add() -> None:
        host, version = services().rooms.host, services().rooms.version(id)
        try:
            host.add_question(id, typed, lines, version)
        except Refused as reason:
            st.session_state[_REFUSED] = str(reason)
        else:
            st.session_state.pop(_REFUSED, None)
            st.session_state[_ADDED] = st.session_state.get(_ADDED, 0) + 1

    leading.attempt(id, add)
