"""Two addresses for health checks: `/healthz` (the server runs) and `/readyz` (a visitor can train now)."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route

from backend.database import Database
from backend.jobs import JobManager

FULL = "The queue is full, and new jobs are refused."
#: What visitors lose while the database cannot be used. The reason follows.
NOT_SAVED = "Runs, progress in lessons and changes of rooms are not saved now"
_NO_STORE = {"Cache-Control": "no-store"}


def health_routes(
    jobs: Callable[[], JobManager], database: Callable[[], Database], prefix: str = ""
) -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `jobs` and `database` return those of the running server.

    Without its database the server can be ready, and `/readyz` says in a second sentence what is missing, and why. It
    still trains, and rooms that are open go on from memory. If several servers share one database, a 503 would make
    the proxy take all of them away from all visitors. Alerts use the metric `twoheads_database_up`.
    """

    async def healthz(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok", headers=_NO_STORE)

    async def readyz(_: Request) -> PlainTextResponse:
        manager = jobs()
        status = manager.status
        full = status.state == "ready" and manager.full
        problem = database().problem
        sentence = FULL if full else status.sentence
        if problem is not None:
            sentence += f" {NOT_SAVED}: {problem}."
        return PlainTextResponse(sentence, 503 if full or status.state != "ready" else 200, _NO_STORE)

    return [Route(f"{prefix}/healthz", healthz), Route(f"{prefix}/readyz", readyz)]
