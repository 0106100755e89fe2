"""Runs: the visitor's finished trainings, one opened by its link, and several over each other."""

import streamlit as st

from backend.services import services
from components.layout import page
from components.runs import listing, opened, overlay, settings
from components.session.visitor import visitor

with st.sidebar:
    settings.show_sidebar()

entries = services().saved_runs.of_visitor(visitor())
st.title("What have you trained?")
st.markdown(
    "Every finished training of the page Train is saved for this browser. Each run has a link that nobody can guess: "
    "open the run and press **Share**."
)
page.not_saved()
page.workers()
opened.show(entries)
listing.show(entries)
if entries:
    overlay.show(listing.picked(entries))
