"""What a page's head needs for its look: the style sheet for what the theme cannot set, the font, and the widgets."""

from __future__ import annotations

import re
from pathlib import Path

from components.streamlit_internals.server import static_folder

_SHEET = Path(__file__).with_name("look.css")
#: For the system's own colours and for paper; these are last, because they replace what the others say.
_LAST = tuple(_SHEET.with_name(name) for name in ("forced_colours.css", "print.css"))
#: Relative to a page, whose path is one name below the app's base. `.streamlit/config.toml` names the same file.
_FONT = "./app/static/inter-latin-wght-normal-3100e775.woff2"
#: The parts of Streamlit's frontend that every page's first screen needs.
_WIDGETS = "Button|PageLink|Selectbox|NumberInput|ButtonGroup|DownloadButton|Html|Progress|Radio|Checkbox|BidiComponent"
#: Parts that only the first screens of some pages need. A slider is 45 KB, with a library for dates.
_WIDGETS_OF = {"train": "Slider", "topologies": "Slider", "lab": "Slider"}
_IMPORT = re.compile(r"""\b(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""")


#: The pages whose head differs from that of the others.
PAGES = tuple(_WIDGETS_OF)


def head(page: str = "") -> str:
    """HTML for the head of the page that visitors get (`backend.web.frontend`). `page` is the last part of its path.

    Streamlit loads each kind of widget when the first one is to be drawn, and what stands below it moves when it comes.
    Here the browser loads them with the page.
    """
    parts = [f'<link rel="preload" href="{_FONT}" as="font" type="font/woff2" crossorigin />']
    parts += [f'<link rel="modulepreload" crossorigin href="./static/js/{name}" />' for name in _scripts(page)]
    parts += [f"<style>\n{_sheets()}</style>"]
    return "".join(f"\n    {part}" for part in parts)


def _sheets() -> str:
    """Our own style sheet, and those of the pages' parts; Streamlit's rules, which come later, do not win over them."""
    parts = sorted(sheet for sheet in _SHEET.parents[1].glob("*/look.css") if sheet != _SHEET)
    nested = [f".stApp {{\n{sheet.read_text(encoding='utf-8')}}}\n" for sheet in parts]
    first, *last = [sheet.read_text(encoding="utf-8") for sheet in (_SHEET, *_LAST)]
    return "".join([first, *nested, *last])


def _scripts(page: str) -> list[str]:
    """The files of those parts and what they import, without those that Streamlit's own page names."""
    widgets = "|".join(filter(None, [_WIDGETS, _WIDGETS_OF.get(page)]))
    folder = static_folder()
    named = (folder / "index.html").read_text(encoding="utf-8")
    found: dict[str, None] = {}
    waiting = [path.name for path in folder.glob("static/js/*.js") if re.match(rf"({widgets})\.[\w-]+\.js$", path.name)]
    while waiting:
        name = waiting.pop(0)
        if name not in found and name not in named:
            found[name] = None
            waiting += _IMPORT.findall((folder / "static" / "js" / name).read_text(encoding="utf-8"))
    return list(found)
