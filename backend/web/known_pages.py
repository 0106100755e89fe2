"""Answers 404 if there is no page. Streamlit answers any path with its index.html and status 200."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.web.base_path import prefix_of
from backend.web.notice import notice

#: What else may be HTML below the app's base: visitors' downloads, files of components, the page of a phone, reports.
_OTHER_HTML = ("media", "component", "join", "board", "report")


def page_paths(pages: Iterable[str], base: str = "") -> set[str]:
    """The paths of the pages: each one name below the app's base path, "" for the first page."""
    prefix = prefix_of(base)
    return {f"{prefix}/{page}" for page in pages} | ({prefix} if prefix else set())


def other_html(base: str = "") -> tuple[str, ...]:
    """How the paths of other HTML begin, with a slash at the end."""
    prefix = prefix_of(base)
    return tuple(f"{prefix}/{name}/" for name in _OTHER_HTML)


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
                    await self._not_found(scope, receive, send)
            if not unknown:
                await send(message)

        await self.app(scope, receive, send_known)

    async def _not_found(self, scope: Scope, receive: Receive, send: Send) -> None:
        sentence = "There is no page at this address. Check the link, or begin at the first page."
        await notice("Page not found", sentence, (f"{self.prefix}/", "Open Two Heads"), 404)(scope, receive, send)
