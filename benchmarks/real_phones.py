"""Real Chromium phones in a rehearsal: some of them on a slow network. Counts what each loads until it has joined."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Page, async_playwright, expect

from harness import chromium

#: How many phones there are, and how many of them are slow.
PHONES, SLOW_PHONES = 10, 2
_VIEW = {"width": 390, "height": 844}
#: Milliseconds to wait for what the host does.
_PATIENCE = 30_000


@dataclass
class RealPhone:
    """A phone, and what it cost to join: seconds, requests and bytes over the wire."""

    page: Page
    slow: bool
    seconds: float = 0.0
    requests: int = 0
    size: int = 0
    _requests: int = 0
    _size: int = 0

    async def join(self, address: str, code: str) -> None:
        """Open the room's page and wait until it has joined."""
        client = await self.page.context.new_cdp_session(self.page)
        client.on("Network.requestWillBeSent", self._count)
        client.on("Network.loadingFinished", self._add)
        client.on("Network.dataReceived", self._add)
        await client.send("Network.enable")
        if self.slow:
            await client.send("Network.emulateNetworkConditions", chromium.SLOW)
        began = time.monotonic()
        await self.page.goto(f"http://{address}/join/{code}")
        await expect(self.page.get_by_text("You are in.")).to_be_visible(timeout=2 * _PATIENCE)
        self.seconds = time.monotonic() - began
        self.requests, self.size = self._requests, self._size

    async def shows(self, words: str) -> None:
        """Wait until the phone's status says so."""
        await expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=_PATIENCE)

    async def answer(self, position: int) -> None:
        """Choose an option, and wait until it is stored."""
        await self.page.locator(".option-field").nth(position).click()
        await self.shows("Sent.")

    def _count(self, event: dict[str, Any]) -> None:
        self._requests += not event["request"]["url"].startswith("data:")

    def _add(self, event: dict[str, Any]) -> None:
        if "dataLength" not in event:
            self._size += int(event["encodedDataLength"])


@asynccontextmanager
async def opened() -> AsyncIterator[list[RealPhone]]:
    """Phones that have opened no page yet, each with a browser profile of its own."""
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(executable_path=chromium.path(), args=["--no-sandbox"])
        contexts = [await browser.new_context(viewport=_VIEW) for _ in range(PHONES)]  # type: ignore[arg-type]
        pages = await asyncio.gather(*(each.new_page() for each in contexts))
        yield [RealPhone(page, slow=i < SLOW_PHONES) for i, page in enumerate(pages)]
        await browser.close()
