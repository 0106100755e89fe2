"""Share: the link to what the visitor sees, and HTML that frames it in another site."""

from __future__ import annotations

from functools import lru_cache

import segno
import streamlit as st
from segno.encoder import DataOverflowError

from backend.services import services
from components import code_panel
from components.layout import embedded
from components.layout.address import address
from components.session import page_options, state

_WIDTH = 380  # pixels


def show(view: embedded.View | None = None) -> None:
    """Draw the button. What it opens is drawn when it is opened, so it shows the link of that moment.

    `view` is what the page shows in a frame, if it has one.
    It is no fragment: Streamlit would copy the stack of containers for it, which takes a fifth of a rerun of Train.
    """
    # Without help: its tooltip would stay over what the button opens.
    menu = st.popover("Share", icon=":material/share:", key="frame.share", on_change="rerun")
    if menu.open:
        with menu, st.container(width=_WIDTH):
            _draw(view)


def link(**changes: str) -> str:
    """The full address of the current page with its settings; `changes` are options for this link alone."""
    return address(page_options.link_query(**changes))


@lru_cache(maxsize=64)
def qr_code(address: str) -> str | None:
    """The QR code of `address` as a data URI of an SVG; None if the address is too long for one."""
    code = _code(address)
    return code.svg_data_uri(scale=4, border=4, dark="#0f1620", light="#ffffff", omitsize=True) if code else None


def qr_svg(address: str, size: int, least: int) -> tuple[str, int]:
    """The QR code of `address` as SVG of at most `size` pixels, and its size: modules are some whole pixels large.

    It is empty if a module would have fewer than `least` pixels.
    """
    code = _code(address)
    pixels = min(size // code.symbol_size()[0], 6) if code else 0
    if code is None or pixels < least:
        return "", 0
    return code.svg_inline(scale=pixels, dark="#0f1620", light="#ffffff"), int(code.symbol_size(pixels)[0])


def _code(address: str) -> segno.QRCode | None:
    try:
        return segno.make_qr(address)
    except DataOverflowError:
        return None


def show_link(url: str, key: str) -> None:
    """Draw a link, a button that copies it, and its QR code."""
    code_panel.show_output("Link", url, key=key)
    if code := qr_code(url):
        st.html(f'<img class="qr-code" alt="QR code of the link" src="{code}">')
    else:
        st.caption("The link is too long for a QR code.")


def _draw(view: embedded.View | None) -> None:
    kinds = ["Link", "HTML"]
    if view and st.segmented_control(
        "What to share", kinds, default=kinds[0], required=True, key="share.kind",
        label_visibility="collapsed", help="The link, or HTML for a site of yours.",
    ) == "HTML":  # fmt: skip
        _frame(view)
    else:
        _link()


def _link() -> None:
    show_link(link(**_play_option()), "share.link")
    if page_options.here("host"):
        st.caption("Only the browser of the room's host can open the link. The link lets nobody into the room.")
        return
    what = "this run and its name" if page_options.here("run") else "this page with these settings"
    if state.experiment().architecture.own is not None:
        what += ", and the data of the CSV file"
    st.caption(f"Whoever opens the link sees {what}.")


def _play_option() -> dict[str, str]:
    """The option that says whether a link plays, on a page that has it."""
    if not page_options.offers("play"):
        return {}
    playing = st.toggle(
        "Start playing",
        key="share.play",
        help="The box comes apart, or the run plays, unless the reader wants reduced motion. Settings without a "
        "recorded run have to be trained first.",
    )
    return {"play": str(int(playing))}


def _frame(view: embedded.View) -> None:
    """The HTML for another site, and which sites the operator allows."""
    chosen = view.choose()
    code_panel.show_output("HTML", embedded.snippet(view, chosen, **_play_option()), key="share.html")
    # No captions: code in them has too little contrast.
    st.markdown(
        ":small[The HTML shows this part of the page, with these settings, in a page of your own. This server allows "
        f"these sites to show it: `{services().config.frame_ancestors}`.]"
    )
