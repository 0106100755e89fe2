"""Sends the files that a page loads: compressed once for all visitors, and cached by browsers for good.

Streamlit sends its files as they are: the first page is 3.5 MB, and Train 8.2 MB.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.web.encodings import ENCODERS, best_encoding

#: For files whose name changes with their content.
FOREVER = "public, max-age=31536000, immutable"
_COMPRESSED = {".js": "text/javascript", ".css": "text/css"}
_CACHED_STATUSES = (200, 206, 304)


@dataclass(frozen=True)
class _Encoded:
    body: bytes
    etag: str


class StaticFile:
    """A file whose name changes with its content. It is compressed when the first client asks for it, and then kept."""

    def __init__(self, read: Callable[[], bytes], media_type: str | None) -> None:
        """`media_type` is None for a file that is compressed already, such as a font."""
        self.media_type = media_type
        self._read = read
        self._tasks: dict[str, asyncio.Task[_Encoded]] = {}

    async def response(self, encoding: str, request: Headers) -> Response:
        """The file in that encoding, or 304 if the client has it. Raises OSError if it cannot be read."""
        encoded = await self._encoded(encoding)
        headers = {"ETag": encoded.etag, "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if _is_current(request, encoded.etag):
            return Response(status_code=304, headers=headers)
        headers |= {"Content-Encoding": encoding, "X-Content-Type-Options": "nosniff"}
        return Response(encoded.body, media_type=self.media_type, headers=headers)

    async def _encoded(self, encoding: str) -> _Encoded:
        task = self._tasks.get(encoding)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._tasks[encoding] = asyncio.create_task(asyncio.to_thread(self._encode, encoding))
        return await asyncio.shield(task)  # a client that leaves does not end it for the others

    def _encode(self, encoding: str) -> _Encoded:
        body = ENCODERS[encoding](self._read())
        return _Encoded(body, f'"{hashlib.sha256(body).hexdigest()[:16]}-{encoding}"')


class StaticFiles:
    """Sends each of `files`, by path, compressed if the client accepts it; `app` sends everything else.

    `app` also sends ranges, which are parts of the uncompressed content, and files that a client wants uncompressed.
    """

    def __init__(self, app: ASGIApp, files: Mapping[str, StaticFile]) -> None:
        self.app = app
        self.files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = self.files.get(scope["path"]) if scope["type"] == "http" else None
        if file is None or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        request = Headers(scope=scope)
        encoding = best_encoding(request.get("accept-encoding", "")) if file.media_type else None
        if encoding is not None and "range" not in request:
            try:
                response: ASGIApp = await file.response(encoding, request)
            except OSError:
                response = self.app  # it was deleted meanwhile, as in an upgrade
            await response(scope, receive, send)
            return

        async def send_cached(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in _CACHED_STATUSES:
                headers = MutableHeaders(scope=message)
                headers["cache-control"] = FOREVER
                if file.media_type:
                    headers.add_vary_header("Accept-Encoding")
            await send(message)

        await self.app(scope, receive, send_cached)


def scripts_and_styles(folder: Path, at: str) -> dict[str, StaticFile]:
    """The scripts and style sheets in `folder`, whose names all contain a hash, by their path below `at`."""
    return {
        f"{at}/{path.relative_to(folder).as_posix()}": StaticFile(path.read_bytes, _COMPRESSED[path.suffix])
        for path in folder.rglob("*")
        if path.suffix in _COMPRESSED
    }


def named_by_content(folder: Path, at: str) -> dict[str, StaticFile]:
    """Our own files in `folder` whose name contains the beginning of their SHA-256."""
    return {
        f"{at}/{path.name}": StaticFile(path.read_bytes, _COMPRESSED.get(path.suffix))
        for path in folder.iterdir()
        if path.is_file() and path.stem.endswith("-" + hashlib.sha256(path.read_bytes()).hexdigest()[:8])
    }


def _is_current(request: Headers, etag: str) -> bool:
    """Whether the client has this version already. Weak tags are equal to strong ones here (RFC 9110, 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in request.get("if-none-match", "").split(",")]
    return etag in tags or tags == ["*"]
