"""Runs: a finished training that a link opens. Without one, the visitor's runs are on Train."""

import streamlit as st

from backend.services import services
from components.layout import page
from components.runs import opened, panel, settings
from components.session.visitor import visitor

if not settings.opened_id():
    panel.lead()
st.sidebar.caption(settings.kept_sentence())
entries = services().run_store.of_visitor(visitor())
st.title("A shared run" if opened.is_somebody_elses(entries) else "Your run")
page.ephemeral("runs")
page.show_saving_problems()
page.workers()
opened.show(entries)
