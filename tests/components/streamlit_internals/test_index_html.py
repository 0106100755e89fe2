"""Streamlit's page tells the frontend where the server is, and loads our script before its own."""

from __future__ import annotations

import re
from pathlib import Path

from streamlit.file_util import get_static_dir

from components.streamlit_internals.index_html import with_scripts

INDEX = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
OWN = "two-heads-abc.js"
PAGE = with_scripts(INDEX, OWN, "<!-- look -->", "<!-- shell -->")


def test_a_page_has_its_shell_and_our_script_before_the_frontend_runs() -> None:
    ours = f'<script src="./{OWN}"></script>'
    order = ("BACKEND_BASE_URL", "<!-- look -->", 'rel="stylesheet"', 'font-family: "Source Sans"', "</head>")
    places = [PAGE.index(each) for each in (*order, "<body>", "<!-- shell -->", ours, '<div id="root">')]
    assert places == sorted(places)
    # A module runs after the page has been read, so after a script in its body.
    scripts = re.findall(r"<script[^>]*\bsrc=[^>]*>", PAGE)
    assert all(ours.startswith(each) or ('type="module"' in each and " async" not in each) for each in scripts)
    font = re.compile('<link[^>]*as="font"[^>]*>')
    assert font.search(INDEX)
    assert not font.search(PAGE)
