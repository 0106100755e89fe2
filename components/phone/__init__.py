"""The pages of a room without Streamlit: documents, style sheets and scripts of our own.

This module has the documents of a participant's page and of a board, and the form that leads to a board.
"""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

from backend.web.static_files import file_name
from components import browser
from components.browser.modules import join, read

FOLDER = Path(__file__).parent
_SYSTEM = FOLDER.parent / "layout" / "system.css"
_LIGHT_DARK = re.compile(r"light-dark\(((?:[^(),]|\([^()]*\))+),\s*((?:[^(),]|\([^()]*\))+)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"\s+")


def sheet(dark_where: str, *names: str) -> str:
    """The style sheets of these names as one text, after the app's custom properties in their light and dark values.

    `dark_where` is the media query for the dark values. Browsers have light-dark() only since 2024, so both schemes are
    written out.
    """
    system = _SYSTEM.read_text(encoding="utf-8")
    light, dark = _LIGHT_DARK.sub(r"\1", system), _LIGHT_DARK.sub(r"\2", system)
    own = "".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
    both = f"{light}@media {dark_where} {{{dark}}}{own}"
    return _BLANK.sub(" ", _COMMENT.sub("", both)).strip() + "\n"


@cache
def files() -> dict[str, str]:
    """Style sheets and scripts of phones and of boards, by names that change with their content."""
    modules, dark = read(Path(browser.__file__).parent), "(prefers-color-scheme: dark)"
    texts = {
        "phone.css": sheet(dark, "phone.css"), "phone.js": join(modules, "phone"),
        "board.css": sheet(dark, "phone.css", "board.css"), "board.js": join(modules, "board"),
    }  # fmt: skip
    return {file_name(name, text): text for name, text in texts.items()}


def documents(base: str = "") -> tuple[str, str]:
    """The HTML of a participant's page and that of a board, below the app's base path."""
    phone_css, phone_js, board_css, board_js = (f"{base}/{name}" for name in files())
    content = _text("phone.html")
    return page("Room", phone_css, phone_js, content, base=base), page("Board", board_css, board_js, content, base=base)


def code_document(base: str, words: str) -> str:
    """The HTML of the form that leads to a board, for a projector's browser. `words` are text and stand above it."""
    content = _text("code.html").format(base=base, words=html.escape(words))
    return page("Board", f"{base}/{next(iter(files()))}", "", content)


def page(title: str, style: str, script: str, content: str, *, look: str = "", base: str = "") -> str:
    """A document as HTML. `title` and `content` are HTML; `style` and `script` are addresses, `script` may be empty.

    `look` is the class of its content, and `base` the app's base path, which the script reads.
    """
    tag = f'<script src="{script}" data-base="{base}" defer></script>' if script else ""
    return _text("page.html").format(title=title, style=style, script=tag, content=content, look=look)


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
