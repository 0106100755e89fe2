"""Speed: one layer for all heads against one layer per head, timed for more and more heads."""

import streamlit as st

from components import sidebar
from components.layout import page
from components.session import state
from components.speed import panel, settings

experiment = state.experiment()
with st.sidebar:
    sidebar.presets.show()
    sidebar.section("Sweep", lambda: settings.show(experiment))
    sidebar.section("Train step", sidebar.training.show_step)
    sidebar.architecture.show_trunk()

st.title("Is one layer for all heads faster?")
st.markdown(
    f"The [third answer]({page.THREAD}) expects so, but did not test it. Here, workers time your trunk with more and "
    "more equal heads, written in both ways."
)
page.workers()
panel.show(experiment)
