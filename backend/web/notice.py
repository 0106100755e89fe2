"""A small page with one sentence, for an address or a visitor that gets no page of the app."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse

_STYLE = """
:root { color-scheme: light dark }
body { margin: 12vh auto 0; max-width: 34rem; padding: 0 1.25rem; font: 1rem/1.6 system-ui, sans-serif;
  background: light-dark(#ffffff, #0f141b); color: light-dark(#0f1620, #e6ebf2) }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .6rem }
a { color: light-dark(#2b3896, #b3beff); display: inline-block; min-height: 1.6rem }
"""


def notice(
    title: str, sentence: str, link: tuple[str, str], status: int, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """The page. `link` is its one link: address and text. No cache keeps it."""
    address, text = map(escape, link)
    content = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        f"<title>{escape(title)} · Two Heads</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(title)}</h1>\n<p>{escape(sentence)}</p>\n"
        f'<p><a href="{address}">{text}</a></p>\n</main>\n</body>\n</html>\n'
    )
    return HTMLResponse(content, status, {"Cache-Control": "private, no-store", **(headers or {})})
