"""Streamlit's page with what it shows before its scripts, the server's address for them, and our own script.

Needs: `<head>`, `<body>` and the font's `<link>` in `index.html`, the font's name in its style sheet, and
`window.__streamlit.BACKEND_BASE_URL`.
No supported way: the frontend guesses the address. Opened at `/train`, it first requests `/train/_stcore/health` and
`/train/_stcore/host-config`, and the browser logs two 404s before it requests the parent path. No option adds a
script or an element, or leaves the font out.
Measured: the font is 170 KB of each first load. Without it and the rest, a visitor with 400 kbit/s sees an empty page
for 18 s.
Visitors would lose: 18 s before an empty page with 400 kbit/s.
Checked on: Streamlit 1.67.0
Fails without it: test_a_first_load_is_small_and_a_second_one_smaller
  in tests/browser/test_traffic.py
Upstream: https://github.com/streamlit/streamlit/blob/1.67.0/frontend/app/index.html
"""

from __future__ import annotations

import re

#: The path of a page is always one name below the app's base; index.html loads `./static` from there too.
_ADDRESS = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", window.location.href).href }</script>'
_HEAD, _END, _BODY = "<head>", "</head>", "<body>"
#: Our theme does not use Streamlit's own font, but what Streamlit draws before it has the theme does. Of two faces with
#: the same name and weights, browsers use the later one (CSS Fonts 4, 5.2).
_FONT = re.compile(r'<link\s+rel="preload"\s[^>]*\bas="font"[^>]*>\s*')
_LOCAL_FONT = """  <style>
      @font-face {
        font-family: "Source Sans";
        font-weight: 100 900;
        src: local("Arial"), local("Helvetica"), local("Roboto"), local("Liberation Sans"), local("DejaVu Sans");
      }
    </style>
"""


def with_scripts(index_html: str, own: str, look: str = "", shell: str = "") -> str:
    """`index_html` with the server's address, our script `own`, `look` in the head and `shell` in the body; no font.

    `own` is the script's file name, relative to a page. The browser runs it before Streamlit's, which are modules, and
    shows the `shell` before either. `look` is HTML for the head: style sheet and fonts are loaded before the first
    element, so that no element moves when they come. Raises ValueError if there is no head or no body.
    """
    text = _FONT.sub("", index_html)
    for place, added in (
        (_HEAD, f"{_HEAD}\n    {_ADDRESS}{look}"),
        (_END, f"{_LOCAL_FONT}  {_END}"),
        (_BODY, f'{_BODY}\n    {shell}\n    <script src="./{own}"></script>'),
    ):
        if place not in text:
            raise ValueError(f"Streamlit's index.html has no {place}")
        text = text.replace(place, added, 1)
    return text
