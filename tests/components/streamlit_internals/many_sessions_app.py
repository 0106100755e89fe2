"""An app whose sessions have no event loop, for test_script_loop.py: `streamlit run`."""

from pathlib import Path

import streamlit as st

from components.streamlit_internals import script_loop

script_loop.install()
app = st.App(Path(__file__).with_name("descriptors_page.py"))
