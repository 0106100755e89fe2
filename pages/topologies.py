"""Topologies: models that only the Functional API can express, each on a problem that suits it."""

import streamlit as st

from backend.topologies import TOPOLOGIES
from backend.topologies.verdict import false_findings
from components.layout import page
from components.topologies import panel

st.title("What can Sequential not express?")
st.markdown(
    f"The [first answer]({page.THREAD}) says that the Functional API can connect any layer to any other. This page "
    f"shows {len(TOPOLOGIES)} models that need this. For each, you see how Keras responds to the nearest Sequential "
    "model, and you can test whether the model beats a baseline."
)
st.caption(false_findings(TOPOLOGIES.values()))
page.workers()
panel.show(panel.choose())
