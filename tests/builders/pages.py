"""Pages by AppTest: opened through the shell, as the app does, or only a part of one; and what is on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from backend.services import services
from components.session.visitor import COOKIE
from tests.builders.pace import pace

#: The visitor of tests that need one, and another.
ADA = "a" * 32
BOB = "b" * 32
SHELL = Path(__file__).parents[2] / "pages" / "navigation.py"


def visit(script: str, visitor: str = "", session: Mapping[str, Any] | None = None, /, **query: Any) -> AppTest:
    """The page of that script with this query; of that visitor if one is named, with these values in their session.

    Not through Compare, whose models a worker would build.
    """
    at = AppTest.from_file(str(SHELL))
    if script != "compare.py":  # the shell opens it
        at.switch_page(script)
    return _run(at, visitor, session, query)


def part(page: Callable[..., Any] | str, visitor: str = "", session: Any = None, /, **query: Any) -> AppTest:
    """What that function draws, or that text, with this query; for visitor and session, see `visit`."""
    at = AppTest.from_string(page) if isinstance(page, str) else AppTest.from_function(page)
    return _run(at, visitor, session, query)


def _run(at: AppTest, visitor: str, session: Mapping[str, Any] | None, query: Mapping[str, Any]) -> AppTest:
    for key, value in (({COOKIE: visitor} if visitor else {}) | dict(session or {})).items():
        at.session_state[key] = value
    for key, value in query.items():
        at.query_params[key] = value
    return run(at)


def run(at: Any) -> AppTest:
    """The page of that widget, or that page, drawn again."""
    page: AppTest = at.run()
    assert not page.exception
    return page


def again(at: AppTest, script: str, **query: Any) -> AppTest:
    """The page of the same visitor in another session, as after a reload."""
    return visit(script, at.session_state[COOKIE], **query)


def texts(at: AppTest) -> list[str]:
    """All that the page says."""
    kinds = (at.markdown, at.caption, at.info, at.warning, at.header, at.subheader)
    return [element.value for kind in kinds for element in kind]


def says(at: AppTest, words: str) -> bool:
    """Whether these words are within a text of the page."""
    return any(words in text for text in texts(at))


def button(at: AppTest, label: str) -> Any:
    """The first button with that label, or with that key."""
    return next(element for element in at.button if label in (element.label, element.key))


def labels(at: AppTest) -> list[str]:
    """The labels of all buttons."""
    return [element.label for element in at.button]


def click(at: AppTest, label: str) -> AppTest:
    """Press the first button with that label, or with that key."""
    return run(button(at, label).click())


def replay(events: int | None) -> None:
    """Have running jobs, whose results are recorded, report that many events and no more; with None, run to the end."""
    pace(services().config.state_dir, events)


def until(at: AppTest, done: Callable[[AppTest], Any], runs: int = 1000) -> AppTest:
    """Run the page again and again until `done`, which must come true after a few runs if jobs are recorded."""
    while not done(at):
        runs -= 1
        assert runs, texts(at)
        run(at)
    return at


def drawn(at: AppTest, renderer: str) -> list[Any]:
    """The data of each component on the page that the renderer of that name draws."""
    return [json.loads(proto.json) for proto in components(at, renderer)]


def components(at: AppTest, renderer: str) -> list[Any]:
    """The messages of the components that the renderer of that name draws."""
    found = [element.proto for element in at.get("bidi_component")]
    return [proto for proto in found if proto.component_name == f"two_heads_{renderer}"]


def group(at: AppTest, key: str) -> Any:
    """The first group of pills or segments whose key begins so."""
    return next(each for each in at.button_group if (each.key or "").startswith(key))


def charts(at: AppTest) -> int:
    """The number of charts: Plotly's, and our own pictures."""
    return len(at.get("plotly_chart")) + sum('class="drawn' in each.value for each in at.markdown)


def graphs(at: AppTest) -> int:
    """The number of Keras's layer graphs."""
    return sum('class="graph"' in each.value for each in at.markdown)


def link(at: AppTest) -> dict[str, Any]:
    """The query of the page's address."""
    return {key: at.query_params[key] for key in dict(at.query_params)}


def messages(at: AppTest) -> str:
    """Everything that the browser gets, as text."""
    return "\n".join(str(node.proto) for node in at._tree if getattr(node, "proto", None) is not None)
