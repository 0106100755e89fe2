"""Two addresses for health checks: `/healthz` (the server runs) and `/readyz` (a visitor can train now)."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route

from backend.jobs import JobManager

FULL = "The queue is full, and new jobs are refused."
_NO_STORE = {"Cache-Control": "no-store"}


def health_routes(jobs: Callable[[], JobManager], base: str = "") -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `jobs` returns the job manager of the running server."""

    async def healthz(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok", headers=_NO_STORE)

    async def readyz(_: Request) -> PlainTextResponse:
        manager = jobs()
        status = manager.status
        if status.state != "ready":
            return PlainTextResponse(status.sentence, 503, _NO_STORE)
        if manager.full:
            return PlainTextResponse(FULL, 503, _NO_STORE)
        return PlainTextResponse(status.sentence, headers=_NO_STORE)

    prefix = f"/{base.strip('/')}" if base.strip("/") else ""
    return [Route(f"{prefix}/healthz", healthz), Route(f"{prefix}/readyz", readyz)]
