"""Compare: the architecture in both styles, and whether they are the same network."""

import streamlit as st

from components import connectivity, controls, frame, model_panels, state

with st.sidebar:
    controls.presets()
    controls.architecture()

experiment = state.experiment()
st.title("Is it the same network?")
frame.workers()
frame.refusals()
model_panels.show(experiment)
connectivity.show(experiment, key="compare.connectivity")
