"""An app whose page and fragment raise errors, for test_errors.py: `streamlit run`."""

from pathlib import Path

import streamlit as st

from components.layout import errors

app = st.App(Path(__file__).with_name("failing_page.py"), on_script_error=errors.show)
