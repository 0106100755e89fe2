"""Serves our scripts and style sheets under names that change with their content: browsers cache them for good."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from backend.web.static_files import FOREVER

#: Seconds for which a browser keeps a file whose name does not change with its content.
_DAY = 86_400
TYPES = {"js": "text/javascript", "css": "text/css"}


def file_name(name: str, text: str) -> str:
    """The name of a file ("two-heads.js") with a part that changes with its content ("two-heads-0123456789ab.js").

    It is relative to a page's address, because every page is one name below the app's base.
    """
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.{suffix}"


def media_type(name: str) -> str:
    """The type of a file by its name."""
    return TYPES[name.rpartition(".")[2]]


def file_routes(files: Mapping[str, str], prefix: str = "") -> list[BaseRoute]:
    """The routes of files by their names, under the app's base path if it has one, for clients without compression."""
    return [Route(f"{prefix}/{name}", partial(_send, name, text)) for name, text in files.items()]


def icon_route(file: Path) -> Route:
    """The route of the icon that browsers request for pages without a link to one, such as a phone's."""

    async def send(_: Request) -> Response:
        return FileResponse(file, headers={"Cache-Control": f"public, max-age={_DAY}"})

    return Route("/favicon.ico", send)


async def _send(name: str, text: str, _: Request) -> Response:
    return Response(text, media_type=media_type(name), headers={"Cache-Control": FOREVER})
