"""Why the server refused a visitor's job. The reason stays long enough to be read, even when the page is redrawn."""

from __future__ import annotations

import time

import streamlit as st

from backend.jobs import Job

#: Seconds for which a redrawn page still says why the last job was refused.
READING_TIME = 20


def record_if_refused(job: Job) -> bool:
    """Keep the reason for `show` if `job` was refused; else remove an earlier one. Returns whether it was refused."""
    key = _key(job.kind)
    if job.state != "refused":
        st.session_state.pop(key, None)
        return False
    st.session_state[key] = job.message, time.time()
    return True


def show(kind: str) -> None:
    """Say why the last job of that kind was refused, for READING_TIME seconds after the refusal."""
    message, at = st.session_state.get(_key(kind), ("", 0.0))
    if time.time() - at < READING_TIME:
        st.warning(message, icon=":material/groups:")


def _key(kind: str) -> str:
    return f"{kind}.refusal"
