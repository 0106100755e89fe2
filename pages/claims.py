"""Claims: statements of the thread, tested on the visitor's own settings."""

import streamlit as st

from components import sidebar
from components.claims import board
from components.layout import page
from components.session import state

with st.sidebar:
    sidebar.presets.show()
    # Most verdicts can change with these: the number of heads, the optimizer, and how the losses are combined.
    first = sidebar.first.show([sidebar.heads.COUNT], [sidebar.training.OPTIMIZER], [sidebar.training.COMBINE])
    sidebar.architecture.show_folded(first)
    sidebar.sequences.show_folded()
    sidebar.training.show_folded(first)

st.title("Which of the thread's claims are true?")
st.markdown(
    f"The [thread]({page.THREAD}) contradicts itself. Predict each answer, then see it measured on your network."
)
page.workers()
board.show_note(state.experiment())
board.show(state.experiment())
