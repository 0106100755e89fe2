"""Speed: one layer for all heads against one layer per head, timed for more and more heads."""

import streamlit as st

from components import sidebar
from components.layout import page
from components.session import state
from components.speed import panel

with st.sidebar:
    sidebar.presets.show()
    sidebar.section("Train step", sidebar.training.show_step)
    sidebar.architecture.show_trunk()

st.title("Is one layer for all heads faster?")
st.markdown(
    f"The [third answer]({page.THREAD}) expects so, because a simpler model might be optimized better. It adds that "
    "this was not tested. This page tests it: workers build your trunk with more and more equal heads, in three "
    "styles, and time the styles in turns."
)
page.workers()
panel.show(state.experiment())
