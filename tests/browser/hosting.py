"""A room's host beside pages in Chromium."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from playwright.sync_api import Page, expect

from backend.rooms import RoomUnavailable
from harness.host import Host
from harness.local import until

Stored = TypeVar("Stored")
#: What a host reads if the database is busy.
BUSY = "Nothing can be saved now"


def played(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` on another thread, because Playwright's event loop runs on this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def link_to_lead(page: Page) -> str:
    """Press "Open a room", and return the address of the host's page, which opens by itself."""
    page.get_by_role("button", name="Open a room").click()
    page.wait_for_url("**/room?host=*")
    return page.url


def delete(page: Page) -> None:
    """Delete the room that this page leads."""
    page.get_by_text("Everything else").click()
    page.get_by_role("button", name="Delete the room now").click()
    expect(page.get_by_role("heading", name="Predict together")).to_be_visible()


def stored(work: Callable[[], Stored]) -> Stored:
    """What `work` returns once the database has time for it: the server writes to the same file."""
    results: list[Stored] = []

    def is_stored() -> bool:
        try:
            results.append(work())
        except RoomUnavailable:
            return False
        return True

    until(is_stored, "the database has time")
    return results[0]


async def open_room(host: Host, lesson: str) -> None:
    """Open a room with the lesson of that title."""
    await host.open_room(lesson)
    await host.close()


async def press(host: Host, *labels: str) -> None:
    """Press the buttons whose labels begin with `labels`, one after the other."""
    await host.lead()
    for label in labels:
        await host.advance(label)
        assert not any(BUSY in words for words in host.alerts), f"{label!r} was refused: {host.alerts}"
    await host.close()
