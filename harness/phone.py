"""A participant's phone in a room: a tab that follows the room's versions as `room_follow.js` does."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Callable

from harness.tab import PATIENCE, Broken, ScriptRun, Tab

_FOLLOW = "room_follow"


class Phone(Tab):
    """A tab that draws its room again with each new version. `spread` is measured in seconds."""

    def __init__(
        self,
        address: str,
        note: Callable[[ScriptRun], None] = lambda run: None,
        seed: int = 0,
        files: bool = False,
    ) -> None:
        super().__init__(address, note, files=files)
        self.drawn = 0  # the version that the phone shows
        self.drawn_at = 0.0
        self._chance = random.Random(seed)
        self._stream: asyncio.Task[None] | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def join(self, code: str) -> ScriptRun:
        """Open the room with this code and follow it. The page tries again if it could not let the phone in at once."""
        run = await self.open("room", f"code={code}")
        await self.until(lambda: self.data(_FOLLOW) is not None, PATIENCE)
        self._note_version()
        self._stream = asyncio.create_task(self._follow(self._follow_data()["path"]))
        return run

    @property
    def number(self) -> int:
        """The participant's number, which is their seed. Raises Broken if the page shows none."""
        match = re.search(r"Your (?:seed|number) is \*\*(\d+)\*\*", "\n".join(self.texts))
        if match is None:
            raise Broken(f"the phone shows no seed: {self.texts[-2:]}")
        return int(match[1])

    @property
    def curves(self) -> list[list[float]]:
        """The curves of the class that the phone shows; none before the room shows them."""
        data: dict[str, str] | None = self.data("room_runs")
        return [] if data is None else list(json.loads(data["shared"])["lines"])

    async def until_drawn(self, version: int, seconds: float = PATIENCE) -> None:
        """Wait until the phone shows that version, or a later one. Raises Broken."""
        if not await self.until(lambda: self.drawn >= version, seconds):
            raise Broken(f"version {version} was not drawn within {seconds:.0f} s: it shows {self.drawn}")

    async def close(self) -> None:
        """Leave the room."""
        if self._stream is not None:
            self._stream.cancel()
        if self._writer is not None:
            self._writer.close()
        await super().close()

    def _follow_data(self) -> dict[str, object]:
        data: dict[str, object] | None = self.data(_FOLLOW)
        if data is None:
            raise Broken(f"the phone follows no room: {self.texts[-2:]} {self.alerts[-1:]}")
        return data

    def _note_version(self) -> None:
        version = self._follow_data()["version"]
        assert isinstance(version, int)
        if version > self.drawn:
            self.drawn, self.drawn_at = version, time.monotonic()
            self._changed.set()

    async def _follow(self, path: object) -> None:
        """Read the stream of versions, and request a run of the page with each new one."""
        host, _, port = self.address.partition(":")
        reader, self._writer = await asyncio.open_connection(host, int(port))
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.address}\r\nCookie: {cookies}\r\n\r\n".encode())
        while line := await reader.readline():
            self._keep(line)
            if not line.startswith(b"data: "):
                continue
            if int(line[6:]) == self.drawn:
                continue
            spread = self._follow_data()["spread"]
            assert isinstance(spread, int)
            await asyncio.sleep(self._chance.uniform(0, spread / 1000))
            gone = int(line[6:]) == 0
            await self.trigger(_FOLLOW, "version", -1 if gone else int(line[6:]), "advance")
            if gone:
                return
            self._note_version()
