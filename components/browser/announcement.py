"""What a screen reader reads when something happens, in one live region (`components/browser/announce.js`)."""

from __future__ import annotations

import streamlit as st

from components import browser
from components.text import spoken


def announce(place: str, name: str, text: str) -> None:
    """Let screen readers read `text` (Markdown), once per visit for each `name`. A page has one text per `place`."""
    browser.mount("announce", {"id": f"{place} {name}", "text": spoken(text)}, key=f"{place}.announce")


def await_end(place: str, name: str) -> None:
    """Mark the running job `name`, so that `announce_end` announces its finding when it ends."""
    st.session_state[_awaited_key(place)] = name


def announce_end(place: str, name: str, text: str, *, running: bool) -> None:
    """Announce the finding `text` of job `name` once it ends, if the visitor started it or saw it run."""
    if running:
        await_end(place, name)
    elif st.session_state.get(_awaited_key(place)) == name:
        announce(place, name, text)


def _awaited_key(place: str) -> str:
    return f"{place}.awaited"
