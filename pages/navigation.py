"""The shell round every page: reads the experiment from the URL, then navigation, notices, the page, the footer."""

import streamlit as st

from backend.topologies import TOPOLOGIES
from components.charts.transitions import install_transitions
from components.layout import page as frame
from components.live.render_lock import render_lock
from components.session import page_options, url_sync
from components.speed import settings

pages = [
    st.Page("compare.py", title="Compare", default=True, help="Both styles side by side, down to the neuron."),
    st.Page("train.py", title="Train", help="Both styles trained on the same synthetic sequences."),
    st.Page("claims.py", title="Claims", help="Every sentence of the thread, tested on your settings."),
    st.Page("speed.py", title="Speed", help="Is one output layer for all heads faster than one layer per head?"),
    st.Page("topologies.py", title="Topologies", help="Models that Sequential cannot express, each with a baseline."),
]
with render_lock():
    page = st.navigation(pages, position="top")
    st.set_page_config(
        page_title=f"{page.title} · Two Heads",
        page_icon="app/static/icon.png",
        layout="wide",
        initial_sidebar_state=310,
    )
    url_sync.synchronise(page.url_path, {"topology": page_options.one_of(*TOPOLOGIES), **settings.CHOICES})
    frame.look()
    frame.notices()
    page.run()
    frame.footer()
    install_transitions()
