"""The visitor: a random cookie that no script can read, or the session where cookies are blocked."""

from __future__ import annotations

import streamlit as st

from backend.web.cookie import COOKIE, new_visitor, visitor_in


def visitor() -> str:
    """The visitor's pseudonym: jobs belong to it, and a link never carries it.

    It is read from the cookies once a session: a session is never resumed with another cookie (`VisitorCookie`).
    """
    known: str | None = st.session_state.get(COOKIE)
    if known is None:
        known = st.session_state[COOKIE] = visitor_in(st.context.cookies) or new_visitor()
    return known
