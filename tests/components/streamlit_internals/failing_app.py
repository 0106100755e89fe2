"""An app of downloads that fail, for test_failed_download.py: `streamlit run`."""

from pathlib import Path

import streamlit as st

from components.streamlit_internals import downloads

downloads.install()
app = st.App(Path(__file__).with_name("failing_page.py"))
