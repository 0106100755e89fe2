"""What the pages' tests share."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest


def button(at: AppTest, label: str) -> Any:
    """The first button with that label."""
    return next(element for element in at.button if element.label == label)


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
