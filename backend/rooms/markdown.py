"""Markdown of lessons as HTML for pages without Streamlit: CommonMark and tables, without HTML and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])


def _open_link(renderer: RendererHTML, tokens: Sequence[Token], i: int, options: Any, env: Any) -> str:
    """A link opens in a new tab, so the room stays open. One to a part of a picture (`#part-…`) stays text."""
    address = str(tokens[i].attrGet("href") or "")
    if address.startswith("#"):
        return "<span>"
    tokens[i].attrSet("target", "_blank")
    tokens[i].attrSet("rel", "noopener")
    return renderer.renderToken(tokens, i, options, env)


def _close_link(renderer: RendererHTML, tokens: Sequence[Token], i: int, options: Any, env: Any) -> str:
    opened = next(token for token in reversed(tokens[:i]) if token.type == "link_open")
    return "</span>" if str(opened.attrGet("href") or "").startswith("#") else "</a>"


_MARKDOWN.add_render_rule("link_open", _open_link)
_MARKDOWN.add_render_rule("link_close", _close_link)


@lru_cache(maxsize=512)
def html_of(text: str) -> str:
    """The text as paragraphs, lists, tables and code. HTML in it is shown as text."""
    return str(_MARKDOWN.render(text))


def plain_of(text: str) -> str:
    """One line of text without its marks of Markdown, for a picture."""
    tokens = _MARKDOWN.parseInline(text)[0].children or []
    return "".join(" " if token.type.endswith("break") else token.content for token in tokens)


@lru_cache(maxsize=512)
def inline_html_of(text: str) -> str:
    """One line of text, without a paragraph around it."""
    return str(_MARKDOWN.renderInline(text))
