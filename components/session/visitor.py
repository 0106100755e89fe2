"""The visitor: a random cookie that no script can read, or the session where cookies are blocked."""

from __future__ import annotations

import streamlit as st

from backend.addresses import network
from backend.services import services
from backend.web.cookie import COOKIE, new_visitor, visitor_in

#: The address of local visitors, who have none in Streamlit.
_THIS_MACHINE = "127.0.0.1"


def visitor() -> str:
    """The visitor's pseudonym: jobs belong to it, and a link never carries it.

    It is read from the cookies once a session: a session is never resumed with another cookie (`VisitorCookie`).
    """
    known: str | None = st.session_state.get(COOKIE)
    if known is None:
        known = st.session_state[COOKIE] = visitor_in(st.context.cookies) or new_visitor()
        services().jobs.set_network(known, visitor_network())
    return known


def visitor_network() -> str:
    """The network of the visitor, by which limits count."""
    return network(st.context.ip_address or _THIS_MACHINE)
