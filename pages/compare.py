"""Compare: whether both styles are the same network, with the answer, the picture and the code."""

import streamlit as st

from components import diagram, sidebar
from components.compare import answer, models
from components.layout import page
from components.session import page_options, state

with st.sidebar:
    sidebar.presets.show()
    # The number of output units, and the numbers from which the kernel's shape and the LSTM's edges follow.
    first = sidebar.first.show([sidebar.heads.COUNT], [sidebar.architecture.TIMESTEPS, sidebar.architecture.LSTM_UNITS])
    sidebar.architecture.show_folded(first)

experiment = state.experiment()
with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title("Is it the same network?", width="content")
    models.choose_styles()
page.workers()
answer.question(experiment)
answer.show(experiment)
diagram.show(experiment, key=answer.DIAGRAM, play=page_options.chosen("play") == "1")
models.show(experiment)
