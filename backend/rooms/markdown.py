"""Markdown of lessons as HTML for pages without Streamlit: CommonMark and tables, without HTML and pictures.

The pages say that links open in a new tab, so the room stays open.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])
#: A link to a part of a picture, which stays text.
_TO_PART = re.compile(r"\[([^\[\]]+)\]\(#[^()\s]*\)")


@lru_cache(maxsize=512)
def html_of(text: str) -> str:
    """The text as paragraphs, lists, tables and code. HTML in it is shown as text."""
    return str(_MARKDOWN.render(_TO_PART.sub(r"\1", text)))


def plain_of(text: str) -> str:
    """One line of text without its marks of Markdown, for a picture."""
    tokens = _MARKDOWN.parseInline(text)[0].children or []
    return "".join(" " if token.type.endswith("break") else token.content for token in tokens)


@lru_cache(maxsize=512)
def inline_html_of(text: str) -> str:
    """One line of text, without a paragraph around it."""
    return str(_MARKDOWN.renderInline(_TO_PART.sub(r"\1", text)))
