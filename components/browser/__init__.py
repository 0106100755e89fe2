"""Our own JavaScript: the modules of this folder as one script, and components that its renderers draw.

The page loads the script once, before everything else (`backend/web/static_files.py`). So a component sends its data
over the WebSocket, and no code. As single modules it would be dozens of requests in several rounds, and would run only
after the page has been read: a phone would first show the page without what `page.js` does. `make format` bundles it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from backend.web.static_files import file_name

_BUNDLES = Path(__file__).parent / "vendor"
_STUB = """
export default function (component) {{
  return window.twoHeads.render("{name}", component)
}}
"""


@cache
def bundles() -> dict[str, str]:
    """The bundled script of each kind of page: `main` for Streamlit's pages, `phone` and `board` for those of a room.

    `main` puts the renderers of `main.js` on the window. The names of `selectors.css` that modules have are replaced.
    """
    return {path.stem: path.read_text(encoding="utf-8") for path in _BUNDLES.glob("*.js")}


@cache
def script_name() -> str:
    """The name of the file with the script of Streamlit's pages, relative to a page. It changes with its content."""
    return file_name("two-heads.js", bundles()["main"])


def mount(name: str, data: Any, *, key: str, **options: Any) -> Any:
    """Draw `data` (anything that JSON can hold) with the renderer `name`.

    `options` go to Streamlit's component (`on_<name>_change` callbacks, `default`, `height`, `width`). Returns its
    state.
    """
    return _component(name)(data=data, key=key, **options)


def sent(key: str, name: str) -> Any:
    """What the component with this key has sent as `name`, for a callback; None if the page no longer has it.

    A browser may send twice before the page is drawn again, and the first value may have taken the component away.
    """
    state = st.session_state.get(key)
    return None if state is None else state.get(name)


def last_turn(key: str) -> int:
    """The number of the newest choice in the component with this key that this session knows.

    The browser counts on from it. If an earlier session was lost, the browser still has the number of its last choice.
    So a session begins with a larger one, the time in milliseconds.
    """
    turn: int = st.session_state.setdefault(f"{key}.turn", time.time_ns() // 10**6)
    return turn


def set_turn(key: str, turn: int) -> None:
    """Keep the number of a choice, unless a newer one is known."""
    st.session_state[f"{key}.turn"] = max(last_turn(key), turn)


@cache
def _component(name: str) -> Callable[..., Any]:
    component: Callable[..., Any] = st.components.v2.component(f"two_heads_{name}", js=_STUB.format(name=name))
    return component
