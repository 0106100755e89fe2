"""The pages of a room without Streamlit: documents, style sheets and scripts of our own.

This module has their documents and files, and the form that leads to a board.
"""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

from backend.web.static_files import file_name
from components.browser import bundles

FOLDER = Path(__file__).parent
_SYSTEM = FOLDER.parent / "layout" / "system.css"
_PICTURES = FOLDER.parent / "charts" / "look.css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"\s+")


@cache
def files() -> dict[str, str]:
    """Style sheet and script of each kind of page, by names that change with their content."""
    texts: dict[str, str] = {}
    for kind in ("phone", "board", "report"):
        texts[f"{kind}.css"] = _sheet(*dict.fromkeys(("phone.css", f"{kind}.css")))
        if kind in bundles():
            texts[f"{kind}.js"] = bundles()[kind]
    return {file_name(name, text): text for name, text in texts.items()}


def _sheet(*names: str) -> str:
    """The style sheets of these names as one text, after the app's custom properties and the look of pictures."""
    common = (each.read_text(encoding="utf-8") for each in (_SYSTEM, _PICTURES))
    return _BLANK.sub(" ", _COMMENT.sub("", "".join([*common, *map(_text, names)]))).strip() + "\n"


def document(kind: str, title: str, base: str = "") -> str:
    """The HTML of a page that its script fills: of a participant (`phone`) or of a `board`."""
    return page(kind, title, _text(f"{kind}.html").format(base=base), base)


def code_document(base: str, words: str) -> str:
    """The HTML of the form that leads to a board, for a projector's browser. `words` are text and stand above it."""
    content = _text("code.html").format(base=base, words=html.escape(words))
    return page("phone", "Board", content, base, script=False)


def page(kind: str, title: str, content: str, base: str, *, script: bool = True) -> str:
    """A document as HTML, below the app's base path. `title` and `content` are HTML."""
    style, *scripts = (f"{base}/{name}" for name in files() if name.startswith(f"{kind}-"))
    tag = f'<script src="{scripts[0]}" data-base="{base}" defer></script>' if script else ""
    return _text("page.html").format(title=title, style=style, script=tag, content=content, look=kind)


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
