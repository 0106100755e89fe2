"""The message that a visitor reads when a page raises an error; the log has the details."""

from __future__ import annotations

import logging

import streamlit as st

from backend.web.server_log import fingerprint

log = logging.getLogger(__name__)


def show(error: Exception) -> bool:
    """Handler for `st.App(on_script_error=…)`, in place of Streamlit's box with its links to search engines.

    Returns True, so Streamlit shows nothing itself. Equal errors have the same id. The log has the id, but it may have
    only the first of many equal errors.
    """
    reference = fingerprint(error)
    log.error("page error %s", reference, exc_info=error)
    st.error(
        f"Something went wrong. The server's log has the error as {reference}. "
        "Reload the page, or choose **The thread's network** in the menu **Start from** of the page Compare.",
        icon=":material/error:",
    )
    return True
