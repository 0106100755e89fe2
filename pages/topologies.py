"""Topologies: models that are no plain list of layers, each on a problem that suits it."""

import streamlit as st
from humanize import apnumber

from backend.questions.topologies import TOPOLOGIES
from components.layout import page
from components.topologies import choice, panel

with st.sidebar:
    choice.show_settings()

st.title("What can Sequential not express?")
st.markdown(
    f"The [first answer]({page.THREAD}) says that the Functional API can connect any layer to any other. None of "
    f"these {apnumber(len(TOPOLOGIES))} models is a plain list of layers."
)
page.workers()
choice.show()
panel.show(choice.chosen())
