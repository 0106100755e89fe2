"""Claims: statements of the thread, tested on the visitor's own settings."""

import streamlit as st

from components import sidebar
from components.claims import board
from components.layout import page
from components.session import state

with st.sidebar:
    sidebar.presets.show()
    sidebar.architecture.show()
    sidebar.section("Sequences", sidebar.sequences.show, folded=True)
    sidebar.section("Training", sidebar.training.show, folded=True)

st.title("Which of the thread's claims are true?")
st.markdown(
    f"The [thread]({page.THREAD}) contradicts itself. Predict each claim, then see it measured on your own network."
)
page.workers()
board.show_note(state.experiment())
board.show(state.experiment())
