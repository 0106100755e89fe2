"""Memory that visitors leave behind is collected when they have gone, and not before."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from backend.web import memory


class Session:
    """Refers to itself, as Streamlit's do."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def left_behind() -> Iterator[weakref.ref[Session]]:
    gc.disable()
    yield weakref.ref(Session())
    gc.enable()


@pytest.mark.parametrize(("connected", "collected"), [([2, 1], True), ([0], True), ([2, 2, 3], False)])
def test_memory_is_trimmed_after_a_visitor_has_left(
    left_behind: weakref.ref[Session], connected: list[int], collected: bool
) -> None:
    looks = iter(connected)

    class Over(Exception):
        pass

    def sessions() -> int:
        try:
            return next(looks)
        except StopIteration:
            raise Over from None

    with pytest.raises(Over):
        asyncio.run(memory.trim_when_idle(sessions, every=0))
    assert (left_behind() is None) is collected
