"""Beyond: models that only the Functional API can express, each on the problem it is made for."""

import streamlit as st

from backend.topologies import TOPOLOGIES
from backend.topologies.verdict import false_findings
from components.layout import page
from components.topologies import panel

st.title("What can no list of layers write?")
st.markdown(
    f"The [first answer]({page.THREAD}) promises that the Functional API connects any layer to any other. Here are "
    "nine such models: what Sequential says to each, and whether it was worth it."
)
st.caption(false_findings(TOPOLOGIES.values()))
page.workers()
panel.show(panel.choose())
