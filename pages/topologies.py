"""Topologies: models that only the Functional API can express, each on a problem that suits it."""

import streamlit as st

from backend.topologies import TOPOLOGIES
from components.layout import page
from components.topologies import choice, panel

with st.sidebar:
    choice.show_sidebar()

st.title("What can Sequential not express?")
st.markdown(
    f"The [first answer]({page.THREAD}) says that the Functional API can connect any layer to any other. These "
    f"{len(TOPOLOGIES)} models need that."
)
page.workers()
choice.show_menu()
panel.show(choice.chosen())
