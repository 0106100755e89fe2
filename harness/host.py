"""The host of a room: a tab that opens the room and leads it."""

from __future__ import annotations

import asyncio
import re

from harness.client import PATIENCE, Broken
from harness.tab import Tab


class Host(Tab):
    """A tab that leads a room. `id`, `code` and `token` are those of the room."""

    id = code = token = ""

    async def open_room(self, lesson: str) -> None:
        """Open a room with the lesson of that title, and lead it. Raises Broken."""
        entrance = Tab(self.address)
        entrance.cookies = self.cookies
        await entrance.open("room")
        label = next((text for text in entrance.options("room.lesson") if text.startswith(lesson)), lesson)
        await entrance.choose("room.lesson", label)
        for _ in range(5):  # the page says that the database is busy, and to try again
            await entrance.click("Open a room")
            link = re.search(r"/rooms/host/([\w-]+)/([\w-]+)", "\n".join(entrance.texts))
            if link is not None:
                break
            await asyncio.sleep(1)
        else:
            raise Broken(f"the room was not opened: {entrance.alerts}")
        await entrance.get(link[0])
        await entrance.close()
        self.id, self.token = link.groups()
        await self.lead()

    async def lead(self) -> None:
        """Open the host's page. Raises Broken."""
        await self.open("room", f"host={self.id}")
        # The page is drawn again each second. On a slow machine, a new draw may have begun and not have the code yet.
        if not await self.until(lambda: self._code_on_page() is not None, PATIENCE):
            raise Broken(f"the host sees no code: {self.alerts}")
        self.code = self._code_on_page() or ""

    def _code_on_page(self) -> str | None:
        found = re.search(r"Code \*\*(\w{6})\*\*", "\n".join(self.texts))
        return found[1] if found else None

    async def wait_for(self, label: str, seconds: float = PATIENCE) -> str:
        """Wait for the button that begins with `label`, and return all of its label. Raises Broken."""
        if not await self.until(lambda: self.button(label) is not None, seconds):
            raise Broken(f"the host has no button {label!r}")
        return self.button(label) or label

    async def advance(self, label: str, seconds: float = PATIENCE) -> None:
        """Press the button that begins with `label`, as soon as it is there. Raises Broken."""
        await self.click(await self.wait_for(label, seconds))
