"""Share: the link to what the visitor sees, a button that copies it, and a QR code."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

import segno
import streamlit as st
from segno.encoder import DataOverflowError

from components import browser
from components.session import page_options, state


def show() -> None:
    """Draw the button. What it opens is drawn when it is opened, so it shows the link of that moment.

    No fragment: in a container Streamlit copies the stack of containers for one, a fifth of a rerun of Train.
    """
    # Without help: its tooltip would stay over what the button opens.
    menu = st.popover("Share", icon=":material/share:", key="frame.share", on_change=state.touch)
    if menu.open:
        with menu:
            _draw()


def link(**changes: str) -> str:
    """The full address of the current page with its settings; `changes` are options for this link alone."""
    query = urlencode(page_options.link_query(**changes), doseq=True)
    return f"{st.context.url or ''}{'?' if query else ''}{query}"


@lru_cache(maxsize=64)
def qr_code(address: str) -> str | None:
    """The QR code of `address` as a data URI of an SVG; None where the address is too long for one."""
    try:
        code = segno.make_qr(address)
    except DataOverflowError:
        return None
    return code.svg_data_uri(scale=4, border=4, dark="#0f1620", light="#ffffff", omitsize=True)


def _draw() -> None:
    playing = page_options.offers("play") and st.toggle(
        "Start playing",
        key="share.play",
        on_change=state.touch,
        help="Whoever opens the link sees the page move: the run plays, or the box comes apart.",
    )
    address = link(play="1") if playing else link()
    code = qr_code(address)
    browser.mount("share", {"link": address, "code": code}, key="share.link")
    if code is None:
        st.caption("The link is too long for a QR code.")
    st.caption("Whoever opens the link sees this page with these settings.")
