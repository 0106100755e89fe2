"""Speed: one layer for all heads against one layer per head, timed for more and more heads."""

from functools import partial

import streamlit as st

from components import sidebar
from components.layout import page
from components.session import state
from components.speed import panel, settings

experiment = state.experiment()
with st.sidebar:
    sidebar.presets.show()
    # The sweep's own two choices, and the setting of the trunk on which the time of a step depends most.
    settings.show(experiment)
    first = sidebar.first.show([sidebar.architecture.LSTM_UNITS])
    step = partial(sidebar.first.show, [sidebar.training.OPTIMIZER, sidebar.training.BATCH])
    sidebar.fold("Train step", step, [("training", "optimizer"), ("training", "batch")])
    sidebar.architecture.show_trunk_folded(first)

st.title("Is one layer for all heads faster?")
st.markdown(
    f"The [third answer]({page.THREAD}) expects so, but did not test it. Here, workers time your trunk with more and "
    "more heads."
)
page.workers()
panel.show(experiment)
