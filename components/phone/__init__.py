"""A participant's page of a room: one document, one style sheet and one script of our own, without Streamlit."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

from backend.web.own_files import file_name
from components import browser
from components.browser.modules import join, read

_FOLDER = Path(__file__).parent
_SYSTEM = _FOLDER.parent / "layout" / "system.css"
_LIGHT_DARK = re.compile(r"light-dark\(((?:[^(),]|\([^()]*\))+),\s*((?:[^(),]|\([^()]*\))+)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"\s+")


@cache
def script() -> str:
    """The page's modules, and those of the board's pictures, as one script."""
    return join(read(Path(browser.__file__).parent), "phone")


@cache
def style() -> str:
    """The page's style sheet, with the properties of the app for light and dark.

    Browsers have light-dark() only since 2024, so both schemes are written out.
    """
    system = _SYSTEM.read_text(encoding="utf-8")
    light, dark = _LIGHT_DARK.sub(r"\1", system), _LIGHT_DARK.sub(r"\2", system)
    sheet = (_FOLDER / "phone.css").read_text(encoding="utf-8")
    both = f"{light}@media (prefers-color-scheme: dark) {{{dark}}}{sheet}"
    return _BLANK.sub(" ", _COMMENT.sub("", both)).strip() + "\n"


@cache
def files() -> dict[str, str]:
    """Style sheet and script, by names that change with their content."""
    texts = {"phone.css": style(), "phone.js": script()}
    return {file_name(name, text): text for name, text in texts.items()}


def document(base: str = "") -> str:
    """The HTML of the page, below the app's base path."""
    _, script_name = files()
    script = f'<script src="{base}/{script_name}" data-base="{base}" defer></script>'
    return _page("Room", base, _text("phone.html"), script)


def board_document(base: str, words: str) -> str:
    """The HTML of the page on which a projector's browser is given the code of a board; `words` are text."""
    return _page("Board", base, _text("board.html").format(base=base, words=html.escape(words)))


def _page(title: str, base: str, content: str, script: str = "") -> str:
    style_name, _ = files()
    return _text("page.html").format(title=title, style=f"{base}/{style_name}", script=script, content=content)


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
