"""The strip at the top of every page: the links to all pages, the chip, the glossary and Share."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from components import glossary
from components.layout import chip, share, site
from components.layout.embedded import View

_MARK = Path(__file__).parents[2] / "pages" / "static" / "logo.svg"


def show(here: str, view: View | None = None) -> None:
    """Draw the mark, the links, the chip of what runs, the glossary and Share. The style sheet places all of them.

    `here` is the path of the current page. Share offers what the page shows in a frame (`view`).
    """
    st.logo(_mark(), size="large")
    _navigation(here)
    with st.container(key="frame.actions", horizontal=True, vertical_alignment="center", wrap=False, width="content"):
        chip.show(site.by_path(), here)
        glossary.show(here)
        share.show(view)


@cache
def _mark() -> str:
    return _MARK.read_text(encoding="utf-8")


def _navigation(here: str) -> None:
    """Draw the links. The browser marks the current one, or the menu that holds it (`page.js`)."""
    with st.container(key="frame.pages", horizontal=True, vertical_alignment="center", wrap=False, gap=None):
        for name in site.BAR:
            st.page_link(site.page(name))
        with (
            st.popover("More", type="tertiary", key="frame.more.here" if here in site.MORE else "frame.more"),
            st.container(key="frame.more.pages", gap=None),
        ):
            for name, (_, about) in site.MORE.items():
                st.page_link(site.page(name))
                st.caption(about)
        for name in site.APART:
            st.page_link(site.page(name))
