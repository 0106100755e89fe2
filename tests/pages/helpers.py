"""What the pages' tests share."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from backend.jobs.recorded import PACE
from backend.services import services
from components.session.visitor import COOKIE

#: The visitor of tests that need one.
ADA = "a" * 32
SHELL = Path(__file__).parents[2] / "pages" / "navigation.py"


def visit(script: str, visitor: str = "", **query: str | list[str]) -> AppTest:
    """The page of that script, opened through the shell with this query, by that visitor if one is named.

    Not through Compare, whose models a worker would build.
    """
    at = AppTest.from_file(str(SHELL))
    if visitor:
        at.session_state[COOKIE] = visitor
    for key, value in query.items():
        at.query_params[key] = value
    if script != "compare.py":  # the shell opens it
        at.switch_page(script)
    at.run()
    assert not at.exception
    return at


def texts(at: AppTest) -> list[str]:
    """The Markdown on the page."""
    return [element.value for element in at.markdown]


def button(at: AppTest, label: str) -> Any:
    """The first button with that label."""
    return next(element for element in at.button if element.label == label)


def replay(events: int | None) -> None:
    """Have running jobs, whose results are recorded, report that many events and no more; with None, run to the end."""
    file = services().config.state_dir / PACE
    if events is None:
        file.unlink()
    else:
        file.with_suffix(".new").write_text(str(events))
        file.with_suffix(".new").replace(file)


def until(at: AppTest, done: Callable[[AppTest], Any], seconds: float = 200) -> AppTest:
    """Run the page again and again until `done`, which must come true long before `seconds` have passed."""
    end = time.monotonic() + seconds
    while not done(at.run()):
        assert not at.exception
        assert time.monotonic() < end, [element.value for element in [*at.caption, *at.info, *at.warning]]
        time.sleep(0.2)
    assert not at.exception
    return at


def drawn(at: AppTest, renderer: str) -> list[Any]:
    """The data of each component on the page that the renderer of that name draws."""
    found = [element.proto for element in at.get("bidi_component")]
    return [json.loads(proto.json) for proto in found if proto.component_name == f"two_heads_{renderer}"]
