"""Train: both styles on the same sequences, side by side."""

import streamlit as st

from components.layout import page
from components.session import state
from components.sidebar import controls
from components.train import panel, sequences

with st.sidebar:
    controls.presets()
    controls.section("Sequences", controls.sequences)
    controls.section("Training", controls.training)
    controls.section("Architecture", controls.architecture, folded=True)

experiment = state.experiment()
st.title("Which one trains better?")
st.markdown(
    "Both styles learn from the same batches in the same order, with Keras's own layers, losses and optimizers."
)
page.workers()
page.unsupported_styles()
sequences.show(experiment)
panel.show(experiment)
