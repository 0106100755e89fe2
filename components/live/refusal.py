"""Why the server refused a visitor's job."""

from __future__ import annotations

import streamlit as st

from backend.jobs import Job


def said_if_refused(job: Job) -> bool:
    """Say why `job` was refused, if it was, from a callback. Returns whether it was."""
    if job.state != "refused":
        return False
    st.toast(job.message, icon=":material/groups:", duration="long")
    return True
