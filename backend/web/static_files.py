"""Sends the files that a page loads: compressed once for all visitors, and cached by browsers for good.

Streamlit sends its files as they are: the first page is 3.5 MB, and Train 8.2 MB.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.web.encodings import ENCODERS, best_encoding

#: For files whose name changes with their content.
FOREVER = "public, max-age=31536000, immutable"
#: Seconds for which a browser keeps a file whose name does not change with its content.
_DAY = 86_400
#: Scripts and style sheets are compressed; fonts and pictures are compressed already.
_COMPRESSED = {".js": "text/javascript", ".css": "text/css"}
_TYPES = {**_COMPRESSED, ".woff2": "font/woff2", ".png": "image/png"}


class StaticFile:
    """A file whose name changes with its content. It is encoded when the first client asks for it, and then kept."""

    def __init__(self, read: Callable[[], bytes], name: str) -> None:
        suffix = Path(name).suffix
        self._read, self._media_type, self._compressed = read, _TYPES[suffix], suffix in _COMPRESSED
        self._tasks: dict[str | None, asyncio.Task[tuple[bytes, str]]] = {}

    async def response(self, request: Headers) -> Response:
        """The file as the client accepts it, or 304 if the client has it. Raises OSError if it cannot be read."""
        encoding = best_encoding(request.get("accept-encoding", "")) if self._compressed else None
        body, etag = await self._encoded(encoding)
        headers = {"ETag": etag, "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if _is_current(request, etag):
            return Response(status_code=304, headers=headers)
        headers["X-Content-Type-Options"] = "nosniff"
        if encoding:
            headers["Content-Encoding"] = encoding
        return Response(body, media_type=self._media_type, headers=headers)

    async def _encoded(self, encoding: str | None) -> tuple[bytes, str]:
        """The content in that encoding, and its ETag."""
        task = self._tasks.get(encoding)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._tasks[encoding] = asyncio.create_task(asyncio.to_thread(self._encode, encoding))
        return await asyncio.shield(task)  # a client that leaves does not end it for the others

    def _encode(self, encoding: str | None) -> tuple[bytes, str]:
        body = ENCODERS[encoding](self._read())
        return body, f'"{hashlib.sha256(body).hexdigest()[:16]}-{encoding}"'


class StaticFiles:
    """Sends each of `files`, by path, compressed if the client accepts it; `app` sends everything else.

    A client that wants a part of a file gets all of it, as RFC 9110, 14.2, allows.
    """

    def __init__(self, app: ASGIApp, files: Mapping[str, StaticFile]) -> None:
        self.app = app
        self.files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.app
        if scope["type"] == "http" and scope["path"] in self.files and scope["method"] in ("GET", "HEAD"):
            with suppress(OSError):  # it was deleted meanwhile, as in an upgrade
                answer = await self.files[scope["path"]].response(Headers(scope=scope))
        await answer(scope, receive, send)


def scripts_and_styles(folder: Path, at: str) -> dict[str, StaticFile]:
    """The scripts and style sheets in `folder`, whose names all contain a hash, by their path below `at`."""
    return {
        f"{at}/{path.relative_to(folder).as_posix()}": StaticFile(path.read_bytes, path.name)
        for path in folder.rglob("*")
        if path.suffix in _COMPRESSED
    }


def named_by_content(folder: Path, at: str) -> dict[str, StaticFile]:
    """Our own files in `folder` whose name contains the beginning of their SHA-256."""
    return {
        f"{at}/{path.name}": StaticFile(path.read_bytes, path.name)
        for path in folder.iterdir()
        if path.is_file() and path.stem.endswith("-" + hashlib.sha256(path.read_bytes()).hexdigest()[:8])
    }


def file_name(name: str, text: str) -> str:
    """The name of a file ("two-heads.js") with a part that changes with its content ("two-heads-0123456789ab.js").

    It is relative to a page's address, because every page is one name below the app's base.
    """
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.{suffix}"


def icon_route(file: Path) -> Route:
    """The route of the icon that browsers request for pages without a link to one, such as a phone's."""

    async def send(_: Request) -> Response:
        return FileResponse(file, headers={"Cache-Control": f"public, max-age={_DAY}"})

    return Route("/favicon.ico", send)


def _is_current(request: Headers, etag: str) -> bool:
    """Whether the client has this version already. Weak tags are equal to strong ones here (RFC 9110, 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in request.get("if-none-match", "").split(",")]
    return etag in tags or tags == ["*"]
