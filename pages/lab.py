"""Lab: how the gradients of several heads become one step of the trunk that they share, and questions about it."""

import streamlit as st

from components.lab import compass, my_model, settings
from components.lab.questions import board

with st.sidebar:
    settings.show_situation()

state = settings.state()
st.title("Do the heads pull together?")
st.markdown(
    "Two heads can pull the shared layers in different directions. Each head’s loss has its own gradient, but the "
    "trunk takes one step for all heads. So the gradients are combined, and the way in which this is done "
    "decides which losses fall."
)
settings.show_methods()
compass.show(state)
compass.show_details(state)
my_model.show()
board.show()
