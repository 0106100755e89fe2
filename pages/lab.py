"""Lab: how the gradients of several heads become one step of the trunk that they share."""

import streamlit as st

from components.lab import compass, methods, settings

with st.sidebar:
    settings.show_situation()

state = settings.state()
st.title("Do the heads pull together?")
st.markdown(
    "Each head’s loss has its own gradient, but the trunk takes one step for all heads. How the gradients are combined "
    "decides which losses fall."
)
compass.show(state)
methods.show(state)
compass.show_details(state)
