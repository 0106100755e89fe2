"""The strip at the top of every page: chip, glossary and Share; on a phone the navigation as well."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from components import glossary
from components.layout import chip, share

_MARK = Path(__file__).parents[2] / "pages" / "static" / "logo.svg"


def show(pages: Sequence[Any], here: str) -> None:
    """Draw the mark, the chip of what runs, the glossary, Share, and links to all pages for narrow windows.

    `pages` are Streamlit's pages, and `here` is the path of the current one. The style sheet places them.
    """
    st.logo(_MARK, size="large")
    with st.container(key="frame.actions", horizontal=True, vertical_alignment="center", wrap=False, width="content"):
        chip.show({page.url_path: page for page in pages}, here)
        glossary.show()
        share.show()
    # In a narrow window Streamlit moves the navigation into the closed drawer.
    with st.container(key="frame.pages", horizontal=True, wrap=False, gap=None):
        for page in pages:
            st.page_link(page)
