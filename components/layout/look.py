"""What a page's head needs for its look: style sheets for what the theme cannot set, the font, and the widgets.

Streamlit sets the colour scheme, which light-dark() follows. The sheets stand in the head, before the rules that
Streamlit adds while it draws. All but `_OUTER` and `_PAPER` are nested in `:--app`, so their rules win.
In them, names such as `:--sidebar` stand for Streamlit's parts (`streamlit_internals/selectors.css`).
"""

from __future__ import annotations

from pathlib import Path

from components.streamlit_internals.selectors import expanded
from components.streamlit_internals.server import first_scripts

_FOLDER = Path(__file__).parent
#: In the order of the rules, with the sheets of the pages' parts before the last one, which overrides them.
_OUTER, _FRAME = ("system", "document", "glossary"), ("widgets", "strip", "waiting", "embedded")
_FORCED, _PAPER = "forced_colours", "print"
#: Relative to a page, whose path is one name below the app's base. `.streamlit/config.toml` names the same file.
_FONT = "./app/static/inter-latin-wght-normal-3100e775.woff2"
#: Widgets that only the first screens of some pages need. A slider is 45 KB, with a library for dates.
_WIDGETS_OF = {"train": "Slider", "topologies": "Slider", "lab": "Slider"}


#: The pages whose head differs from that of the others.
PAGES = tuple(_WIDGETS_OF)


def head(page: str = "") -> str:
    """HTML for the head of the page that visitors get (`backend.web.frontend`). `page` is the last part of its path.

    Streamlit loads each kind of widget when the first one is drawn. Until it has come, the elements below it stand in
    other places, and then move. Here the browser loads them with the page.
    """
    scripts = first_scripts(*filter(None, [_WIDGETS_OF.get(page)]))
    parts = [f'<link rel="preload" href="{_FONT}" as="font" type="font/woff2" crossorigin />']
    parts += [f'<link rel="modulepreload" crossorigin href="./static/js/{name}" />' for name in scripts]
    parts += [f"<style>\n{_sheets()}</style>"]
    return "".join(f"\n    {part}" for part in parts)


def _sheets() -> str:
    """All our style sheets; later rules override earlier ones."""
    parts = [path.read_text(encoding="utf-8") for path in sorted(_FOLDER.parent.glob("*/look.css"))]
    inner = "".join([*map(_read, _FRAME), *parts, _read(_FORCED)])
    return expanded(f"{''.join(map(_read, _OUTER))}:--app {{\n{inner}}}\n{_read(_PAPER)}")


def _read(name: str) -> str:
    return (_FOLDER / f"{name}.css").read_text(encoding="utf-8")
