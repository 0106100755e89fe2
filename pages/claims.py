"""Claims: statements of the thread, tested on the visitor's own settings."""

import streamlit as st

from components.claims import board
from components.layout import page
from components.session import state
from components.sidebar import controls

with st.sidebar:
    controls.presets()
    controls.architecture()
    controls.section("Sequences", controls.sequences, folded=True)
    controls.section("Training", controls.training, folded=True)

st.title("Which of the thread's claims are true?")
st.markdown(
    f"The [thread]({page.THREAD}) contradicts itself, and one answer says that its author did not test it. "
    "Predict the result for each claim, then see it measured on your own architecture."
)
page.workers()
board.show(state.experiment())
