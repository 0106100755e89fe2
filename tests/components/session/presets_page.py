"""A page with the presets, two settings, and a fragment that has one more and says what they are: `streamlit run`."""

import streamlit as st

from components.session import controls, state, url_sync
from components.sidebar import presets

controls.SEND_FOR = 600.0  # the tests may take long between two requests


@st.fragment
def settings() -> None:
    experiment = state.experiment()
    st.text(f"{experiment.training.learning_rate} {experiment.architecture.timesteps}")
    st.markdown(str(experiment.training.epochs))
    st.number_input("Epochs", 1, 100, **controls.view(("training", "epochs")))


url_sync.synchronise("page")
presets.show()
st.number_input("Rate", **controls.view(("training", "learning_rate")))
st.number_input("Timesteps", 1, 64, **controls.view(("architecture", "timesteps")))
settings()
