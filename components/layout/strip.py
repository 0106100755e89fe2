"""The strip at the top of every page: the links to all pages, the chip, the glossary and Share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from components import glossary
from components.layout import chip, share
from components.layout.embedded import View

_MARK = Path(__file__).parents[2] / "pages" / "static" / "logo.svg"


class Links(NamedTuple):
    """Streamlit's pages as the strip shows them: first the `bar`, then the menu `explore`, then those set `apart`."""

    bar: Sequence[Any]
    explore: Sequence[Any]
    apart: Sequence[Any]

    def pages(self) -> list[Any]:
        """All pages, in this order."""
        return [page for group in self for page in group]


def show(
    links: Links, here: str, view: View | None = None, draft: share.Draft | None = None, *, alone: bool = False
) -> None:
    """Draw the mark, the links, the chip of what runs, the glossary and Share. The style sheet places all of them.

    `here` is the path of the current page. Share offers what the page shows in a frame (`view`) and as a step of a
    lesson (`draft`). With `alone` there are no links.
    """
    st.logo(_MARK, size="large")
    if not alone:
        _navigation(links)
    with st.container(key="frame.actions", horizontal=True, vertical_alignment="center", wrap=False, width="content"):
        chip.show({page.url_path: page for page in links.pages()}, here)
        glossary.show()
        share.show(view, draft)


def _navigation(links: Links) -> None:
    """Draw the links. The browser marks the current one (`page.js`)."""
    with st.container(key="frame.pages", horizontal=True, vertical_alignment="center", wrap=False, gap=None):
        for page in links.bar:
            st.page_link(page)
        with (
            st.popover("Explore", type="tertiary", key="frame.explore"),
            st.container(key="frame.explore.pages", gap=None),
        ):
            for page in links.explore:
                st.page_link(page)
                st.caption(page.help)
        for page in links.apart:
            st.page_link(page)
