"""Train: both styles trained on the same sequences, side by side."""

import streamlit as st

from components import sidebar
from components.layout import page
from components.session import state
from components.train import panel, sequences

with st.sidebar:
    sidebar.presets.show()
    # These decide how a total loss that is twice as large affects training.
    first = sidebar.first.show([sidebar.training.OPTIMIZER, sidebar.training.LEARNING_RATE], [sidebar.training.COMBINE])
    sidebar.training.show_folded(first)
    sidebar.sequences.show_folded()
    sidebar.architecture.show_folded()

experiment = state.experiment()
st.title("Which one trains better?")
page.show_saving_problems()
page.workers()
panel.show(experiment)
st.header("The sequences", anchor=False)
st.markdown(
    f"Both {experiment.noun}s are trained on the same sequences in the same order, with Keras's own layers, losses and "
    "optimizers."
)
sequences.show(experiment)
