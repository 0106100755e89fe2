"""Topologies: models that Sequential cannot build from Keras's layers alone, each on a problem that suits it."""

import streamlit as st
from humanize import apnumber

from backend.topologies import TOPOLOGIES
from components.layout import page
from components.topologies import choice, panel

with st.sidebar:
    choice.show_sidebar()

st.title("What can Sequential not express?")
st.markdown(
    f"The [first answer]({page.THREAD}) says that the Functional API can connect any layer to any other. Sequential "
    f"cannot build these {apnumber(len(TOPOLOGIES))} models from Keras's layers alone: it needs a Functional model "
    "inside."
)
page.workers()
choice.show_menu()
panel.show(choice.chosen())
