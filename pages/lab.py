"""Lab: how the gradients of several heads become one step of the trunk that they share."""

import streamlit as st

from components.lab import compass, methods, settings

with st.sidebar:
    settings.show_situation()

state = settings.state()
st.title("Do the heads pull together?")
st.markdown("The trunk takes one step for all heads. How their gradients are combined decides which losses fall.")
compass.show(state)
methods.show(state)
compass.show_details(state)
