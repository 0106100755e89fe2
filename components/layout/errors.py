"""What a visitor reads when something breaks here; the log has the rest."""

from __future__ import annotations

import logging

import streamlit as st
from streamlit.errors import FragmentHandledException

from backend.web.log_lines import fingerprint

log = logging.getLogger(__name__)


def show(error: Exception) -> bool:
    """Handler for `st.App(on_script_error=…)`, in place of Streamlit's box with its links to search engines.

    True: Streamlit shows nothing itself. Equal errors have the same name: it is in the log, though the log writes only
    the first of many.
    """
    if not isinstance(error, FragmentHandledException):  # an inner fragment's error has been shown there
        st.error(
            f"Something went wrong here, and it is in the log as {logged(error)}. "
            "Reload the page, or go back to the thread's network.",
            icon=":material/error:",
        )
    return True


def logged(error: Exception) -> str:
    """Log `error`; return the name under which the log has it, for a visitor to quote."""
    reference = fingerprint(error)
    log.error("page error %s", reference, exc_info=error)
    return reference
