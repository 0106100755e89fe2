"""A participant's phone without a browser. It sends and keeps the same data as the page's script (`phone.js`)."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from harness.client import PATIENCE, Broken, Client, ScriptRun

#: Seconds after which the page sends again what is not stored, and opens a stream that has ended.
AGAIN = 2.0
_FILE = re.compile(r'(?:href|src)="(/[^"]+\.(?:css|js))"')


class Phone(Client):
    """A phone at the server. It notes each join and each answer."""

    room = ""
    gone = ""  # why the phone has left the room
    drawn = 0  # the version that the phone shows
    drawn_at = 0.0
    page: Mapping[str, Any] = {}
    own: Mapping[str, Any] = {}
    _stream: asyncio.Task[None] | None = None
    _path = "page"

    async def join(self, code: str, **more: str) -> None:
        """Open the page of the room with this code and follow it. `more` are further parts of the link.

        The page tries again if the server asks for it. Raises Broken if the room refuses.
        """
        run = ScriptRun("join")
        document = await self.get(f"/join/{code}")
        if self._files:
            files = ScriptRun("files")
            files.size = sum([len(await self.get(path)) for path in _FILE.findall(document)])
            self._end(files)
        while True:
            status, told = await self.post("/rooms/join", {"code": code, **more})
            if status == 200:
                break
            if "again" not in told:
                raise Broken(f"the room refuses: {told['refused']}")
            await asyncio.sleep(told["again"])
        self.room = told["room"]
        self._take(told)
        self._end(run)
        self._stream = asyncio.create_task(self._follow())

    async def answer(self, option: int, sure: str = "") -> bool:
        """Answer the current question. Returns whether the server has stored it. Raises Broken if it is refused."""
        run, question = ScriptRun("answer"), self.page["question"]
        body = {name: question[name] for name in ("step", "round")}
        body |= {"asked": self.page["asked"], "option": option, "sure": sure}
        status, told = await self.post(f"/rooms/{self.room}/answer", body)
        if status not in (200, 429, 503):  # after the last two, the answer may be sent again
            raise Broken(f"the answer was refused: {status} {told}")
        self._end(run)
        return status == 200

    @property
    def number(self) -> int:
        """The participant's number in the room, from 1."""
        return int(self.own["number"])

    @property
    def html(self) -> str:
        """The page below its status."""
        return "".join(self.page["html"])

    async def until_drawn(self, version: int, seconds: float = PATIENCE) -> None:
        """Wait until the phone shows that version, or a later one. Raises Broken."""
        if not await self.until(lambda: self.drawn >= version, seconds):
            raise Broken(f"version {version} was not drawn within {seconds:.0f} s: it shows {self.drawn}")

    async def close(self) -> None:
        """Leave the room."""
        if self._stream is not None:
            self._stream.cancel()
            with suppress(asyncio.CancelledError):
                await self._stream

    async def post(self, path: str, body: object) -> tuple[int, Any]:
        """Send JSON, as a page of the server does. Returns the status and the JSON of the response."""
        text = json.dumps(body).encode()
        headers = ("Content-Type: application/json", f"Origin: http://{self.address}", f"Content-Length: {len(text)}")
        status, answer = await self.request(f"POST {path}", *headers, body=text)
        return status, json.loads(answer)

    async def _follow(self) -> None:
        """Read the stream, and open it again when it has ended, until the room is gone."""
        while not self.gone:
            with suppress(OSError):
                reader, writer = await self.connect(f"GET /rooms/{self.room}/{self._path}")
                try:
                    while line := await reader.readline():
                        self._read(line)
                finally:
                    writer.close()
            if not self.gone:
                await asyncio.sleep(AGAIN / 2)

    def _read(self, line: bytes) -> None:
        if line.startswith(b"data: "):
            told = json.loads(line.removeprefix(b"data: "))
            if isinstance(told, str):
                self.gone = told
                self._changed.set()
            elif told:
                self._take(told)

    def _take(self, told: Mapping[str, Any]) -> None:
        self.own, page = told["own"], told["page"]
        if page["version"] >= self.drawn:
            if page["version"] > self.drawn:
                self.drawn, self.drawn_at = page["version"], time.monotonic()
            self.page = page
            self._changed.set()


class Board(Phone):
    """A room's board without a browser."""

    _path = "board"

    async def open(self, room: str) -> None:
        """Follow the room."""
        self.room = room
        self._stream = asyncio.create_task(self._follow())

    def _take(self, told: Mapping[str, Any]) -> None:
        self.page = told["page"]
        self._changed.set()
