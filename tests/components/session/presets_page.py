"""A page with the presets, two settings, and a fragment that has one more and says what they are: `streamlit run`."""

import streamlit as st

from components.session import controls, page_options, state
from components.sidebar import presets
from components.sidebar.form import FORM

controls.SEND_FOR = 600.0  # the tests may take long between two requests


@st.fragment
def settings() -> None:
    experiment = state.experiment()
    st.text(f"{experiment.training.learning_rate} {experiment.architecture.timesteps}")
    st.markdown(str(experiment.training.epochs))
    FORM.draw("training.epochs")


page_options.synchronise("page")
presets.show()
FORM.draw("training.learning_rate")
FORM.draw("architecture.timesteps")
settings()
