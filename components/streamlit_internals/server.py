"""What Streamlit's server knows: its files, its own addresses, and the address that the operator has configured.

Needs: `get_static_dir`, the names of the frontend's files, the routes of uploads and metrics, and whether an option was
set or has its default.
No supported way: `st.get_option` does not tell a default from the same value that was set. No public function returns
the files' folder, which we need to compress and preload them. No option closes the two paths.
Measured: the scripts and styles of Train's first load have 3.8 times the bytes uncompressed.
Visitors would lose: seconds of their first visit.
Checked on: Streamlit 1.67.0
Fails without it: test_each_widget_of_a_first_screen_is_loaded_early_with_what_it_imports
  in tests/components/layout/test_look.py
Upstream: https://github.com/streamlit/streamlit/blob/1.67.0/lib/streamlit/file_util.py
"""

from __future__ import annotations

import re
from pathlib import Path

from streamlit import config
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_routes import BASE_ROUTE_UPLOAD_FILE, ROUTE_METRICS

#: The parts of Streamlit's frontend that every page's first screen needs, as its files are called.
_WIDGETS = "Button|PageLink|Selectbox|NumberInput|ButtonGroup|DownloadButton|Html|Progress|Radio|Checkbox|BidiComponent"
_METRICS = f"/{ROUTE_METRICS}"
#: No page here accepts a file, but Streamlit would keep any upload in memory.
_UPLOAD = f"/{BASE_ROUTE_UPLOAD_FILE}/"
_IMPORT = re.compile(r"""\b(?:from|import)\s*["'`]\./([\w.-]+\.js)["'`]""")


def static_folder() -> Path:
    """The folder with `index.html` and the files that it loads."""
    return Path(get_static_dir())


def icon_fonts() -> list[Path]:
    """The icon font with the icons in use alone, 12 KB for 375 (`make icons`), under the name of Streamlit's own.

    That name changes with the content. After an upgrade with another font, browsers load Streamlit's.
    """
    return list((Path(__file__).parent / "icons").glob("*.woff2"))


def first_scripts(*more: str) -> list[str]:
    """The scripts of a page's first widgets and what they import, without those that Streamlit's own page names.

    `more` are kinds of widgets that only this page's first screen has.
    """
    widgets = "|".join([_WIDGETS, *more])
    folder = static_folder()
    page_html = (folder / "index.html").read_text(encoding="utf-8")
    scripts: dict[str, None] = {}
    queue = [path.name for path in folder.glob("static/js/*.js") if re.match(rf"({widgets})\.[\w-]+\.js$", path.name)]
    while queue:
        name = queue.pop(0)
        if name not in scripts and name not in page_html:
            scripts[name] = None
            queue += _IMPORT.findall((folder / "static" / "js" / name).read_text(encoding="utf-8"))
    return list(scripts)


def is_closed(path: str, *, metrics: bool) -> bool:
    """Whether this path of Streamlit's server is closed to everybody: uploads are, and metrics unless `metrics`."""
    return _UPLOAD in path or (not metrics and path.rstrip("/").endswith(_METRICS))


def configured_address() -> tuple[str, int] | None:
    """Host and port of the app in `[browser]`, if the operator has set them."""
    if not config.is_manually_set("browser.serverAddress"):
        return None
    return config.get_option("browser.serverAddress"), config.get_option("browser.serverPort")
