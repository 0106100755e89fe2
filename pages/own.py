"""A visitor's own model: can its heads be one layer, and do they conflict?"""

import streamlit as st

from components.layout import page
from components.own_model import conflict, opening, panel

with st.sidebar:
    st.caption("A model that you open does not use the settings of the other pages.")

st.title("Can your heads be one layer?")
page.workers()
stored = opening.model() if opening.id() else None
if stored is None:
    st.markdown(
        "The app finds the heads of your Keras model and writes them in the other style. **Your weights and your data "
        "never leave your machine.**"
    )
    opening.show()
elif (found := opening.found(stored)) is not None:
    panel.show(opening.id(), found)
conflict.show()
