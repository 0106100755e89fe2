"""Train: both styles trained on the same sequences, side by side."""

import streamlit as st

from components import sidebar
from components.layout import page
from components.runs import panel as runs
from components.runs import settings
from components.session import state
from components.train import compared, on_change, panel, sequences

settings.follow()
experiment = state.experiment()
with st.sidebar:
    sidebar.presets.show()
    compared.choose(experiment)
    # These decide how a total loss that is twice as large affects training.
    first = sidebar.first.show([sidebar.training.OPTIMIZER, sidebar.training.LEARNING_RATE], [sidebar.training.COMBINE])
    sidebar.training.show_folded(first)
    sidebar.sequences.show_folded()
    sidebar.architecture.show_folded()
    on_change.switch()

st.title("Which one trains better?")
page.show_saving_problems()
page.workers()
panel.show(experiment)
st.header("The sequences", anchor=False, help=sequences.caption(experiment.architecture))
sequences.show(experiment)
runs.show()
