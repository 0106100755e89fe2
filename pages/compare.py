"""Compare: whether both styles are the same network, with the answer, the picture and the code.

A newcomer is asked first (`components/introduction/`).
"""

import streamlit as st

from backend.questions.compare.answer import answer as answer_to
from components import diagram, sidebar
from components.compare import answer, models
from components.introduction import first_visit
from components.layout import page
from components.session import page_options, state

with st.sidebar:
    sidebar.presets.show()
    # The number of output units, and the numbers from which the kernel's shape and the LSTM's edges follow.
    first = sidebar.first.show([sidebar.heads.COUNT], [sidebar.architecture.TIMESTEPS, sidebar.architecture.LSTM_UNITS])
    sidebar.architecture.show_folded(first)

experiment, place = state.experiment(), first_visit.place()
with st.container(horizontal=True, vertical_alignment="bottom"):
    st.title(answer.TITLE, width="content")
    if place == first_visit.END:
        models.choose_styles()
endings = answer.endings_sentence(experiment)
if place == first_visit.END:
    st.markdown(endings)
    page.workers()
    answer.show(answer_to(experiment))
    diagram.show(experiment, key=answer.DIAGRAM, play=page_options.chosen("play") == "1")
else:
    st.markdown(f"Two Keras models: {endings} Dense(k) is a layer of k neurons.")
    first_visit.show(place)
if place in (first_visit.END, first_visit.ANSWER):
    models.show(experiment)
