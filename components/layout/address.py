"""The full address of a page, for a link that leaves the app."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from backend.experiment.url import Query


def base_path() -> str:
    """The path below which the app is served, such as "/heads"; empty at the root."""
    text = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{text}" if text else ""


def address(query: Query) -> str:
    """The address of the current page with this query."""
    text = urlencode(query, doseq=True)
    return f"{st.context.url or ''}{'?' if text else ''}{text}"
