"""Compare: the architecture in both styles, and whether both are the same network."""

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
    "The question compares two models. One is a list of layers that ends in one fused `Dense` layer. The other gives "
    "each task its own head. Both have the same number of parameters, but their diagrams look different. "
    f"[A Stack Overflow user asked why]({page.THREAD}). This page shows both, down to the neuron, with your settings."
)
page.workers()
page.unsupported_styles()
models.show(experiment)
diagram.show(experiment, key="compare.connectivity")
