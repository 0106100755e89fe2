"""Train: both styles trained on the same sequences, side by side."""

import streamlit as st

from components import sidebar
from components.layout import page
from components.session import state
from components.train import panel, sequences

with st.sidebar:
    sidebar.presets.show()
    sidebar.section("Sequences", sidebar.sequences.show)
    sidebar.section("Training", sidebar.training.show)
    sidebar.section("Architecture", sidebar.architecture.show, folded=True)

experiment = state.experiment()
st.title("Which one trains better?")
page.show_saving_problems()
page.workers()
panel.show(experiment)
st.header("The sequences", anchor=False)
st.markdown(
    "Both styles are trained on the same batches in the same order, with Keras's own layers, losses and optimizers."
)
sequences.show(experiment)
