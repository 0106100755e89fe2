"""Lab: how the gradients of several heads become one step of the trunk that they share, and questions about it."""

import streamlit as st

from components.lab import compass, my_model, settings
from components.lab.questions import board

with st.sidebar:
    settings.show_situation()

state = settings.state()
st.title("Do the heads pull together?")
st.markdown(
    "All heads train the trunk that they share, and each loss has its own gradient: the direction in which the trunk "
    "should move for that head. The trunk takes one step for all heads, so the gradients are combined. How they are "
    "combined decides which losses fall."
)
settings.show_methods()
compass.show(state)
compass.show_details(state)
my_model.show()
board.show()
