"""The HTTP of one browser, and what it waits for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

#: Seconds after which a client gives up on a response.
PATIENCE = 60.0
#: The most bytes in a line of a stream, which may hold the runs of a large class.
_LONGEST = 2**24


class Broken(RuntimeError):
    """The app sent something that no visitor should see, or sent nothing."""


@dataclass
class ScriptRun:
    """A script run, or another piece of work of the server, that a client requested."""

    what: str
    fragment: str = ""
    sent: float = field(default_factory=time.monotonic)
    begun: bool = False
    size: int = 0  # bytes received from the beginning of the run to its end
    seconds: float = 0.0
    whole_page: bool = True
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Client:
    """A browser at `address` (host:port), which keeps its cookies. It calls `note` with each run that has ended.

    `source` is the address from which it connects: Linux has all of 127.0.0.0/8. With `files` it loads a page's files
    as a new browser does, and notes them as "files".
    """

    def __init__(
        self, address: str, note: Callable[[ScriptRun], None] = lambda run: None, source: str = "", files: bool = False
    ) -> None:
        self.address = address
        self.cookies: dict[str, str] = {}
        self._note = note
        self._source = (source, 0) if source else None
        self._files = files
        self._changed = asyncio.Event()

    async def get(self, path: str) -> str:
        """Request an address, keep its cookies, and return its text. Raises Broken if it answers with an error."""
        status, body = await self.request(f"GET {path}")
        if status not in (200, 303):
            raise Broken(f"{path} answered {status}: {body[:200]!r}")
        return body.decode("utf-8", "replace")

    async def request(self, line: str, *headers: str, body: bytes = b"") -> tuple[int, bytes]:
        """The status and the body of the response to that method and path. Raises Broken if there is none."""
        async with asyncio.timeout(PATIENCE):
            reader, writer = await self.connect(line, "Connection: close", *headers, body=body)
            try:
                answer = await reader.read()
            finally:
                writer.close()
        above, _, content = answer.partition(b"\r\n\r\n")
        first, *lines = above.decode("latin-1").split("\r\n")
        for name, _, value in (each.partition(":") for each in lines):
            if name.lower() == "set-cookie":
                cookie, _, kept = value.strip().partition(";")[0].partition("=")
                self.cookies[cookie] = kept
        if not first:
            raise Broken(f"{line}: the server closed the connection")
        if any(each.lower() == "transfer-encoding: chunked" for each in lines):
            content = _joined(content)
        return int(first.split()[1]), content

    async def connect(
        self, line: str, *headers: str, body: bytes = b""
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Send a request, and return the connection on which the response comes."""
        host, _, port = self.address.partition(":")
        reader, writer = await asyncio.open_connection(host, int(port), limit=_LONGEST, local_addr=self._source)
        cookie = [f"Cookie: {self._cookie}"] if self.cookies else []
        writer.write("\r\n".join([f"{line} HTTP/1.1", f"Host: {self.address}", *cookie, *headers, "", ""]).encode())
        writer.write(body)
        return reader, writer

    async def until(self, true: Callable[[], object], seconds: float = PATIENCE) -> bool:
        """Wait until `true()` is true, checked after each change of the page. False if it is not within `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not true():
                    self._check()
                    self._changed.clear()
                    await self._changed.wait()
        return bool(true())

    def _check(self) -> None:
        """Raise what ended the connection, if it has ended."""

    @property
    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _end(self, run: ScriptRun) -> None:
        run.seconds = time.monotonic() - run.sent
        self._note(run)
        run.ended.set()


def _joined(chunks: bytes) -> bytes:
    """The body of which a proxy made chunks: each has its length above it, and the last one has none."""
    content = b""
    while chunks:
        length, _, rest = chunks.partition(b"\r\n")
        end = int(length, 16)
        content, chunks = content + rest[:end], rest[end + 2 :] if end else b""
    return content
