"""The visitor: a random cookie that no script can read, or the session where cookies are blocked."""

from __future__ import annotations

import streamlit as st

from backend.web.cookie import COOKIE, new_visitor, visitor_in


def visitor() -> str:
    """The visitor's pseudonym: jobs belong to it, and a link never carries it."""
    if cookie := visitor_in(st.context.cookies):
        return cookie
    if COOKIE not in st.session_state:
        st.session_state[COOKIE] = new_visitor()
    session: str = st.session_state[COOKIE]
    return session
