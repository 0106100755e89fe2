"""Compare: the architecture in both styles, and whether they are the same network."""

import streamlit as st

from components import diagram, sidebar
from components.compare import models
from components.layout import page
from components.session import state

with st.sidebar:
    sidebar.presets.show()
    sidebar.architecture.show()

experiment = state.experiment()
st.title("Is it the same network?")
st.markdown(
    "One model is a list of layers that ends in a fused `Dense`; the other gives each task a head of its own. "
    f"The counts agree, the pictures do not: [somebody asked]({page.THREAD}). Here is every neuron of both."
)
page.workers()
page.unsupported_styles()
models.show(experiment)
diagram.show(experiment, key="compare.connectivity")
