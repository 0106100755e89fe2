"""Views for a frame of another site: `?embed=true` shows one part of a page, without what surrounds the page.

Streamlit keeps `embed` in the page's address and hides its own toolbar. `docs/embedding.md` describes the views.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from components.layout import page
from components.layout.address import address
from components.session import page_options
from components.session.page_options import Options


def is_embedded() -> bool:
    """Whether the visitor sees the page in a frame of another site, or as such a frame would show it."""
    return bool(st.context.is_embedded)


@dataclass(frozen=True)
class View:
    """What a page shows in a frame.

    `draw` draws it, and `options` are the options that its address has besides those of the page. `title` is the title
    of the frame, and `height` its usual height in pixels. On the page itself, `choose` draws a menu if the frame
    shows one of several parts, and returns the options that name it.
    """

    draw: Callable[[], None]
    title: str
    height: int
    options: Options = field(default_factory=dict)
    choose: Callable[[], Mapping[str, str]] = dict


def show(view: View) -> None:
    """Draw the view, and below it the link to the whole page."""
    with st.container(key="embedded"):
        view.draw()
        show_link(view)


def show_link(view: View | None = None) -> None:
    """Draw the link to the whole page with the same settings, in a new tab, and the source of the question."""
    query = page_options.link_query()
    for key in view.options if view else ():
        query.pop(key, None)
    st.markdown(
        f":small[[**Open in Two Heads**]({address(query)}) · Based on [a question on Stack Overflow]({page.THREAD}), "
        f"[CC BY-SA 4.0]({page.LICENCE})]"
    )


def snippet(view: View, chosen: Mapping[str, str], **changes: str) -> str:
    """The HTML that shows `view` in a page of another site, with the part that is `chosen`.

    `changes` are options of the page for this frame alone.
    """
    query = {"embed": ["true"]} | page_options.link_query(**changes) | {key: [text] for key, text in chosen.items()}
    return (
        f'<iframe src="{html.escape(address(query))}" title="{html.escape(f"Two Heads: {view.title}")}"\n'
        f'  width="100%" height="{view.height}" style="border: 0" loading="lazy"></iframe>'
    )
