"""Streamlit's page tells the frontend where the server is, and loads our script first."""

from __future__ import annotations

import re
from pathlib import Path

from streamlit.file_util import get_static_dir

from components.streamlit_internals.index_html import with_scripts

INDEX = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
OWN = "two-heads-abc.js"
PAGE = with_scripts(INDEX, OWN)


def test_both_scripts_run_before_the_frontend_is_loaded() -> None:
    assert PAGE.index("BACKEND_BASE_URL") < PAGE.index(f'src="./{OWN}"') < PAGE.index('<script type="module"')
    ours = f'src="./{OWN}"></script>'
    theirs = PAGE.replace(PAGE[PAGE.index("<head>") + 6 : PAGE.index(ours) + len(ours)], "", 1)
    without_font = re.sub(r'<link\s+rel="preload"\s+href="[^"]*\.woff2"[^>]*>\s*', "", INDEX)
    local = re.compile(r"\s*<style>\s*@font-face[^<]*</style>")
    assert local.sub("", theirs) == without_font != INDEX, "all but a font that our theme does not use"
    assert PAGE.index('rel="stylesheet"') < PAGE.index('font-family: "Source Sans"') < PAGE.index("</head>")
