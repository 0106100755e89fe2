"""A page whose fragment has an element in the first run and again in the fourth: `streamlit run`."""

import time

import streamlit as st

from components.streamlit_internals import browser_cache

browser_cache.install()


@st.fragment
def fragment() -> None:
    run = st.session_state.run = st.session_state.get("run", 0) + 1
    if run in (1, 4):
        st.text("a text that the browser keeps " * 1_000)
    if run == 3:
        st.text("waiting")
        time.sleep(2)  # so that the fourth run is requested before this one ends


fragment()
