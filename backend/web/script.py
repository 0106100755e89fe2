"""Serves our script under a name that changes with its content, so that browsers cache it for good."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from backend.web.static_files import FOREVER


def script_name(script: str) -> str:
    """The file name of `script`: relative to a page's address, because every page is one name below the app's base."""
    return f"two-heads-{hashlib.sha256(script.encode()).hexdigest()[:12]}.js"


def script_routes(script: str, base: str = "") -> list[BaseRoute]:
    """The route of the script, under the app's base path if it has one."""

    async def send(_: Request) -> Response:
        return Response(script, media_type="text/javascript", headers={"Cache-Control": FOREVER})

    prefix = f"/{base.strip('/')}" if base.strip("/") else ""
    return [Route(f"{prefix}/{script_name(script)}", send)]
