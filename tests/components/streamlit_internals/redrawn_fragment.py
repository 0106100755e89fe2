"""A page with a fragment between two texts. The second run waits, so that a fragment's run is requested meanwhile."""

import time

import streamlit as st

from components.streamlit_internals import browser_queue

browser_queue.install()


@st.fragment
def fragment() -> None:
    st.text("in the fragment")


run = st.session_state.run = st.session_state.get("run", 0) + 1
st.text(f"run {run}")
if run > 1:
    time.sleep(0.1)
fragment()
st.text("below")
