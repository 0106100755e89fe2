"""A visitor's own model: can its heads be one layer?"""

import streamlit as st

from components.layout import page
from components.own_model import opening, panel

with st.sidebar:
    st.caption("This page is about a model of your own. It does not use the settings of the other pages.")

st.title("Can your heads be one layer?")
page.workers()
stored = opening.model() if opening.id() else None
if stored is None:
    st.markdown(
        "Open a Keras model of your own. The app reads its architecture, finds the layers that read the same values, "
        "and writes them in the other style. **Your weights and your data never leave your machine.**"
    )
    opening.show()
elif (found := opening.found(stored)) is not None:
    panel.show(opening.id(), found)
