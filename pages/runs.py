"""Runs: the visitor's finished trainings, one opened by its link, and several over each other."""

import streamlit as st

from backend.services import services
from components.layout import page
from components.runs import listing, opened, overlay, settings
from components.session.visitor import visitor

st.sidebar.caption(settings.kept_sentence())

entries = services().run_store.of_visitor(visitor())
guest = opened.is_somebody_elses(entries)
st.title("A shared run" if guest else "What have you trained?")
if not guest:
    st.markdown(
        "A training that you finish on the page Train is saved and listed in this browser, as long as there is room. "
        "Each run has a link that nobody can guess: open the run and press **Share**."
    )
page.ephemeral("runs")
page.show_saving_problems()
page.workers()
opened.show(entries)
if guest and entries:
    st.header("Your runs", anchor=False)
if entries or not guest:
    listing.show(entries)
if entries:
    overlay.show(listing.ticked_runs(entries))
