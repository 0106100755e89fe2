"""Pages that have moved: their old paths lead to the new ones, so that saved links still work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

#: Old path, one name below the app's base → new path, with what its query begins with.
MOVED = {"beyond": "topologies", "story": "./?beat=1"}


def moved_page_routes(prefix: str = "") -> list[BaseRoute]:
    """A permanent redirect (308) for each moved page, below the app's base path. The query is kept.

    `Location` is relative to the request's own address (RFC 9110, section 10.2.2), so it also holds behind a proxy that
    serves the app below another path.
    """
    return [Route(f"{prefix}/{old}", _redirect(new)) for old, new in MOVED.items()]


def _redirect(new: str) -> Callable[[Request], Awaitable[RedirectResponse]]:
    async def redirect(request: Request) -> RedirectResponse:
        query = request.scope["query_string"].decode("latin-1")
        joined = "&" if "?" in new else "?"
        return RedirectResponse(f"{new}{joined}{query}" if query else new, status_code=308)

    return redirect
