"""What a screen reader reads when it happens, as one live region in the browser (`components/browser/frame.js`)."""

from __future__ import annotations

import streamlit as st

from components import browser
from components.text import spoken


def announce(place: str, name: str, text: str) -> None:
    """Have `text` (Streamlit's Markdown) read, once a visit for each `name`. A page has one announcement a `place`."""
    browser.mount("announce", {"id": f"{place} {name}", "text": spoken(text)}, key=f"{place}.announce")


def when_ended(place: str, name: str, text: str, *, running: bool) -> None:
    """Have what was found by the job `name` read when it ends, where the visitor has seen it run in this session."""
    key = f"{place}.awaited"
    if running:
        st.session_state[key] = name
    elif st.session_state.get(key) == name:
        announce(place, name, text)
