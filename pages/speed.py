"""Speed: one layer for all heads against one for each, timed side by side for more and more heads."""

import streamlit as st

from components.layout import page
from components.session import state
from components.sidebar import controls
from components.speed import panel

with st.sidebar:
    controls.presets()
    controls.section("A step", controls.step)
    controls.trunk()

st.title("Is one layer for all heads faster?")
st.markdown(
    f"The [third answer]({page.THREAD}) expects so, because a simpler model might be optimized better, and adds that "
    "nobody tested it. Here it is: your trunk with k equal heads, written in three ways, timed in turns."
)
page.workers()
panel.show(state.experiment())
