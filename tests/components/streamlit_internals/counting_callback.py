"""A page with a number. Its callback waits for the next request, then touches the session many times."""

import os
import time
from pathlib import Path

import streamlit as st

from components.streamlit_internals import callbacks

callbacks.install()
FOLDER = Path(os.environ["FOLDER"])


def count() -> None:
    entered = st.session_state["number"]
    (FOLDER / "began").touch()
    while not (FOLDER / "go on").exists():
        time.sleep(0.01)
    for _ in range(50):
        time.sleep(0.01)
        st.session_state["touched"] = True
    st.session_state["counted"] = [*st.session_state.get("counted", []), entered]


st.number_input("Number", 0, 9, 0, key="number", on_change=count)
st.text(f"counted {st.session_state.get('counted', [])}")
