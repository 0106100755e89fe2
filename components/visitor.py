"""Who asks: a random cookie that no script can read, or the session where cookies are blocked."""

from __future__ import annotations

import re

import streamlit as st

from backend.web.cookie import COOKIE, new_visitor

_FORM = re.compile(r"[A-Za-z0-9_-]{22,64}")


def visitor() -> str:
    """The visitor's pseudonym: jobs belong to it, and a link never carries it."""
    cookie = st.context.cookies.get(COOKIE, "")
    if isinstance(cookie, str) and _FORM.fullmatch(cookie):  # an AppTest has no cookies
        return cookie
    if COOKIE not in st.session_state:
        st.session_state[COOKIE] = new_visitor()
    session: str = st.session_state[COOKIE]
    return session
