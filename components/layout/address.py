"""The full address of a page, for a link that leaves the app."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from backend.experiment.url import Query
from backend.web.base_path import prefix_of


def base_path() -> str:
    """The path below which the app is served, such as "/heads"; empty at the root."""
    return prefix_of(str(st.get_option("server.baseUrlPath") or ""))


def address(query: Query) -> str:
    """The address of the current page with this query."""
    text = urlencode(query, doseq=True)
    return f"{st.context.url or ''}{'?' if text else ''}{text}"
