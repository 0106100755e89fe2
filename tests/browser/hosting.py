"""A room's host beside pages in Chromium."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from harness.host import Host
from harness.tab import PATIENCE


def played(work: Coroutine[Any, Any, None]) -> None:
    """Do it on a thread: Playwright's loop runs on this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


async def open_room(host: Host, lesson: str) -> None:
    """Open a room with the lesson of that title."""
    await host.open_room(lesson)
    await host.close()


async def press(host: Host, *labels: str) -> None:
    """Press the buttons that begin so, one after the other."""
    await host.lead()
    for label in labels:
        if label.startswith(("Delete", "Ask this")):
            await host.expand("room.more")
        await host.advance(label)
    await host.close()


async def board_code(host: Host) -> str:
    """Four letters that open the board."""
    await host.lead()
    await host.expand("room.more")
    await host.advance("Make a code for the board")
    await host.until(lambda: any("and type **" in text for text in host.texts), PATIENCE)
    code = re.search(r"/board\*\* and type \*\*([A-Z]{4})\*\*", "\n".join(host.texts))
    await host.close()
    assert code
    return code[1]
