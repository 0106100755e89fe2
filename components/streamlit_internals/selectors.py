"""The names of `selectors.css` in our style sheets and scripts, replaced by what Streamlit calls these parts.

No browser supports `@custom-selector` yet.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("selectors.css")
#: Names for scripts alone: the beginning of the key under which Streamlit keeps in the browser whether the sidebar is
#: closed, and the attribute in which the page says whether it has a connection.
NAMES = {
    "sidebar-storage": "stSidebarCollapsed-",
    "connection-state": "data-test-connection-state",
}
_DEFINITION = re.compile(r"^@custom-selector :--([a-z-]+) (.+);$", re.MULTILINE)
_NAME = re.compile(r":--([a-z-]+)")


@cache
def selectors() -> dict[str, str]:
    """Streamlit's selector for each of our names, without `:--`."""
    return dict(_DEFINITION.findall(_TABLE.read_text(encoding="utf-8")))


def expanded(text: str) -> str:
    """`text` (CSS or JavaScript) with Streamlit's selectors in place of our names. Raises KeyError for unknown ones.

    In JavaScript, `:--sidebar-storage` is a key of the browser's storage, and `:--connection-state` an attribute.
    """
    names = selectors() | NAMES
    return _NAME.sub(lambda name: names[name[1]], text)
