"""The questions from the room on the host's page: by votes, with buttons that mark, remove and put back."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from backend.rooms import RoomView
from backend.rooms.question_list import MOST_SIGNS, Status, open_count
from backend.services import services
from backend.words import counted
from components.rooms import help as helps
from components.rooms import leading
from components.session import state
from components.text import for_markdown

_SHOWN, _MOST = "room.host.questions", "room.host.questions.most"
#: How many questions are drawn before the host asks for more: the page is drawn again each second.
STEP = 15
#: The buttons of a question with a status, and the status that each gives it.
_BUTTONS: dict[Status, tuple[tuple[str, Status], ...]] = {
    "open": (("Answered", "answered"), ("Remove", "removed")),
    "answered": (("Not answered", "open"),),
    "removed": (("Put back", "open"),),
}
#: The number, the text and the votes of each question.
_Rows = Sequence[tuple[int, str, int]]


def toggle(view: RoomView) -> None:
    """Draw the button that shows the questions, and hides them again."""
    count = open_count(view.listed_questions) if view.room.state.questions else "off"
    st.button(
        f"{'Hide' if _is_shown() else 'Show'}: Questions from the room ({count})", key=f"{_SHOWN}.button",
        on_click=_set_shown, args=(not _is_shown(),), type="tertiary",
    )  # fmt: skip


def show(view: RoomView) -> None:
    """Draw the questions, if the host wants to see them."""
    if not _is_shown():
        return
    listed = view.listed_questions
    waiting = [(each.number, each.text, each.votes) for each in listed if not each.answered]
    answered = [(each.number, each.text, each.votes) for each in listed if each.answered]
    removed = [(each.number, each.text, len(each.votes)) for each in view.questions.removed(view.removed)]
    with st.container(border=True, key="room.host.questions.panel"):
        if not (view.room.state.questions or view.room.state.closed):
            st.markdown("Phones do not show this list, and nobody can ask. **Everything else** switches it on again.")
        if not waiting:
            st.markdown("No question is open.")
        _draw(view, "open", waiting)
        if not (answered or removed):
            return
        with st.expander("Answered and removed", key="room.host.questions.done", on_change=state.touch) as fold:
            if fold.open:
                _draw(view, "answered", answered, "Answered")
                _draw(view, "removed", removed, "Removed")


def _draw(view: RoomView, status: Status, questions: _Rows, title: str = "") -> None:
    """Draw the first questions, with a button for more."""
    if title and questions:
        st.markdown(f"**{title}**")
    key = f"{_MOST}.{status}"
    most = int(st.session_state.get(key, STEP))
    for number, text, votes in questions[:most]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"room.host.asked.{number}", gap="small"):
            st.markdown(f"**{counted(votes, 'vote')}** · {for_markdown(text, MOST_SIGNS)}", width="stretch")
            with st.container(horizontal=True, width="content"):  # so that they wrap together
                for label, to in () if view.room.state.closed else _BUTTONS[status]:
                    st.button(
                        label, key=f"room.host.question.{number}.{to}", on_click=_mark,
                        args=(view.room.id, number, to), help=helps.text(f"room.question.{to}"),
                    )  # fmt: skip
    if len(questions) > most:
        more = min(STEP, len(questions) - most)
        st.button(f"Show {more} more", key=f"{key}.button", on_click=_show_more, args=(key, most + more))


def _is_shown() -> bool:
    return bool(st.session_state.get(_SHOWN))


def _set_shown(shown: bool) -> None:
    state.touch()
    st.session_state[_SHOWN] = shown


def _show_more(key: str, most: int) -> None:
    state.touch()
    st.session_state[key] = most


def _mark(id: str, number: int, status: Status) -> None:
    leading.attempt(id, lambda: services().rooms.questions.mark(id, number, status))
