"""Answers 404 if there is no page. Streamlit answers any path with its index.html and status 200."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.web.base_path import prefix_of
from backend.web.notice import notice

#: The pages of ours that are not Streamlit's: those of phones, boards and reports.
_OUR_HTML = ("join", "board", "report")
#: What else may be HTML below the app's base: visitors' downloads, and files of components.
_OTHER_HTML = ("media", "component", *_OUR_HTML)


def page_paths(pages: Iterable[str], base: str = "") -> set[str]:
    """The paths of the pages: each one name below the app's base path, "" for the first page."""
    prefix = prefix_of(base)
    return {f"{prefix}/{page}" for page in pages} | ({prefix} if prefix else set())


def other_html(base: str = "") -> tuple[str, ...]:
    """How the paths of other HTML begin, with a slash at the end."""
    prefix = prefix_of(base)
    return tuple(f"{prefix}/{name}/" for name in _OTHER_HTML)


def missing_page_routes(base: str = "") -> list[BaseRoute]:
    """The routes for all paths below our own HTML that no route before these has answered, as a cropped link's.

    A path with a slash at its end leads to the one without it.
    """
    prefix = prefix_of(base)

    async def missing(request: Request) -> Response:
        path = request.url.path
        return RedirectResponse(path.rstrip("/"), 301) if path.endswith("/") else _not_found(prefix)

    return [Route(f"{prefix}/{name}{end}", missing) for name in _OUR_HTML for end in ("", "/{rest:path}")]


class KnownPages:
    """Sends a “Page not found” page in place of the HTML that `app` sends for a path that is not in `paths`."""

    def __init__(self, app: ASGIApp, paths: Iterable[str], base: str = "") -> None:
        self.app = app
        self.prefix = prefix_of(base)
        self.paths = frozenset(paths)
        self.others = other_html(base)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or path in self.paths or f"{path}/".startswith(self.others):
            await self.app(scope, receive, send)
            return

        unknown = False

        async def send_known(message: Message) -> None:
            nonlocal unknown
            if message["type"] == "http.response.start":
                html = Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
                unknown = message["status"] == 200 and html
                if unknown:
                    await _not_found(self.prefix)(scope, receive, send)
            if not unknown:
                await send(message)

        await self.app(scope, receive, send_known)


def _not_found(prefix: str) -> Response:
    sentence = "There is no page at this address. Check the link, or begin at the first page."
    return notice("Page not found", sentence, (f"{prefix}/", "Open Two Heads"), 404)
