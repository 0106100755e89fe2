"""What a page's head needs for its look: the style sheet for what the theme cannot set, and the text font."""

from __future__ import annotations

from pathlib import Path

_SHEET = Path(__file__).with_name("look.css")
#: Relative to a page, whose path is one name below the app's base. `.streamlit/config.toml` names the same file.
_FONT = "./app/static/inter-latin-wght-normal.woff2"


def head() -> str:
    """HTML for the head of the page that visitors get (`backend.web.frontend`)."""
    font = f'<link rel="preload" href="{_FONT}" as="font" type="font/woff2" crossorigin />'
    return f"\n    {font}\n    <style>\n{_SHEET.read_text(encoding='utf-8')}</style>"
