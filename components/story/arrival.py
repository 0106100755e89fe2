"""Whether a visitor sees the story: at the first visit of the first page, and never again unless they ask for it."""

from __future__ import annotations

import streamlit as st

from backend.web.cookie import STORY, visitor_in
from components.session import state

_ARRIVED = "story.arrived"


def is_due(path: str) -> bool:
    """Whether this run is the first of a visitor who has not seen the story, on the first page by its plain address.

    A link with settings shows those settings. A browser without the visitor's cookie stores no cookies, so it would
    show the story at each visit.
    """
    first = not st.session_state.get(_ARRIVED)
    st.session_state[_ARRIVED] = True
    cookies = st.context.cookies
    return first and path == "" and not state.url_query() and STORY not in cookies and bool(visitor_in(cookies))
