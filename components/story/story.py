"""The story: one screen at a time, with Back and Next, and four ways on from the last one."""

from __future__ import annotations

from functools import partial

import streamlit as st

from backend.web.cookie import STORY, visitor_in
from components import browser
from components.layout import site
from components.session import page_options, state
from components.session.page_options import Options, one_of
from components.story.beats import BEATS

_BEAT, _ARRIVED = "beat", "story.arrived"
#: The options of the story's link.
OPTIONS: Options = {_BEAT: one_of(*(str(n) for n in range(1, len(BEATS) + 1)))}


def show() -> None:
    """Draw the current screen of the story."""
    st.sidebar.caption("The settings are on the other pages.")  # without a sidebar the strip would stand elsewhere
    n = int(page_options.chosen(_BEAT))
    beat = BEATS[n - 1]
    with st.container(key="story"):
        _top(n)
        with st.container(key=f"story.{n}"):
            st.title(beat.title, anchor=False)
            beat.draw()
        if n == len(BEATS):
            _doors()
        _steps(n)
    browser.mount("step", {"title": f"st-key-story-{n}", "stage": "ask"}, key="story.place")


def _top(n: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="story.top"):
        st.caption(f"{n} of {len(BEATS)}{' · two minutes' if n == 1 else ''}")
        if n < len(BEATS) and st.button("Skip the introduction", type="tertiary", icon=":material/skip_next:"):
            st.switch_page("compare.py")
        if n == 1:
            st.page_link(site.page("own"), label="Open your own model", icon=":material/folder_open:")


def _steps(n: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="story.steps"):
        if n > 1:
            st.button("Back", icon=":material/arrow_back:", on_click=partial(_go, n - 1))
        if n < len(BEATS):
            title = BEATS[n].title
            st.button(f"Next: {title[0].lower()}{title[1:]}", type="primary", on_click=partial(_go, n + 1))


def _go(n: int) -> None:
    """Callback: show that screen."""
    page_options.choose(_BEAT, str(n))


#: The ways on: page, title, and what the visitor finds there.
_DOORS = (
    ("compare.py", "Explore your own settings", "Change heads, layers and losses, and see what changes."),
    ("learn.py", "Take a lesson", "Predict a few results, then see what was measured."),
    ("own.py", "Open your own model", "Can its heads be one layer? The weights stay on your machine."),
    ("room.py", "Ask a class", "Open a room: everybody predicts, then the answer is measured."),
)


def _doors() -> None:
    with st.container(horizontal=True, key="story.doors"):
        for target, title, words in _DOORS:
            with st.container(border=True):
                if st.button(title, type="primary", width="stretch"):
                    state.touch()
                    st.switch_page(target)
                st.caption(words)


def is_due(path: str) -> bool:
    """Whether this run is the first of a visitor who has not seen the story, on the first page by its plain address.

    A link with settings shows those settings. A browser without the visitor's cookie stores no cookies, so it would
    show the story at each visit.
    """
    first = not st.session_state.get(_ARRIVED)
    st.session_state[_ARRIVED] = True
    cookies = st.context.cookies
    return first and path == "" and not state.url_query() and STORY not in cookies and bool(visitor_in(cookies))
