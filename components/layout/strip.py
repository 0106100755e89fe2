"""The strip at the top of every page: chip, glossary and Share; on a phone the navigation as well."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from components import glossary
from components.layout import chip, share
from components.layout.embedded import View

_MARK = Path(__file__).parents[2] / "pages" / "static" / "logo.svg"


def show(pages: Sequence[Any], here: str, view: View | None = None, draft: share.Draft | None = None) -> None:
    """Draw the mark, the chip of what runs, the glossary, Share, and links to all pages for narrow windows.

    `pages` are Streamlit's pages, and `here` is the path of the current one. Share offers what the page shows in a
    frame (`view`) and as a step of a lesson (`draft`). The style sheet places all of them.
    """
    st.logo(_MARK, size="large")
    with st.container(key="frame.actions", horizontal=True, vertical_alignment="center", wrap=False, width="content"):
        chip.show({page.url_path: page for page in pages}, here)
        glossary.show()
        share.show(view, draft)
    # In a narrow window Streamlit moves the navigation into the closed drawer.
    with st.container(key="frame.pages", horizontal=True, wrap=False, gap=None):
        for page in pages:
            st.page_link(page)
