"""Train: both styles on the same sequences, side by side."""

import streamlit as st

from components import controls

with st.sidebar:
    controls.sequences()
    controls.training()

st.title("Train both")
