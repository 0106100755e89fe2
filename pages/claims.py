"""Claims: every sentence of the thread, tested on the visitor's own settings."""

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

st.title("What is true of it?")
st.markdown(
    f"The [thread]({page.THREAD}) contradicts itself, and one answer says outright that it was not tested. "
    "Predict, then see each sentence measured on your own architecture."
)
page.workers()
board.show(state.experiment())
