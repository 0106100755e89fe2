"""Routes of the report of a room and of its answers as CSV, for the room's host."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from backend.rooms import Refused, Rooms, RoomUnavailable, RoomView, export
from backend.rooms.phone import Panels
from backend.rooms.report import Report, build
from backend.web.base_path import prefix_of
from backend.web.notice import notice
from backend.web.rooms import has_role

_NO_STORE = {"Cache-Control": "no-store"}
_NOT_HOST = "Only the host of this room sees its report. Open the host's link in this browser first."
_NO_ROOM = "This room does not exist any more, and its report was deleted with it."
_NOT_KEPT = "A report lasts as long as its room, where its host finds it. Links of kept reports open nothing any more."


class _Stranger(Refused):
    """A request of somebody who is not the host."""


def report_routes(
    rooms: Callable[[], Rooms], panels: Panels, page: Callable[[Report, str], str], base: str = ""
) -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `page` gives the HTML of a report with a link to its CSV."""
    prefix = prefix_of(base)
    of = _Reports(rooms, panels, page, prefix)
    return [
        Route(f"{prefix}/report/room/{{room}}", of.answered(of.report)),
        Route(f"{prefix}/report/room/{{room}}/answers.csv", of.answered(of.answers)),
        Route(f"{prefix}/report/kept/{{rest:path}}", of.not_kept),
    ]


@dataclass
class _Reports:
    """What the routes answer. Each may raise Refused, with a sentence for whoever opened the link."""

    rooms: Callable[[], Rooms]
    panels: Panels
    page: Callable[[Report, str], str]
    prefix: str

    async def report(self, request: Request) -> Response:
        """The report of a room as it is now."""

        def work() -> str:
            view, rooms = self._hosted(request), self.rooms()
            report = build(view, rooms.training, self.panels, time.time())
            return self.page(report, f"{self.prefix}/report/room/{view.room.id}/answers.csv")

        return HTMLResponse(await asyncio.to_thread(work), headers=_NO_STORE)

    async def answers(self, request: Request) -> Response:
        """All answers of the room, with aliases."""

        def work() -> tuple[str, str]:
            view = self._hosted(request)
            name = f"two-heads-{view.room.lesson_id}-{view.room.code.lower()}.csv"
            return export.table(view), name

        text, name = await asyncio.to_thread(work)
        headers = {**_NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=headers)

    async def not_kept(self, _: Request) -> Response:
        """A link of an earlier version, which kept reports for months."""
        return self._notice("The report is gone", _NOT_KEPT, 410)

    def answered(self, endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint, which answers a refusal with a page that has its sentence."""

        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except RoomUnavailable as reason:
                return self._notice("Try again in a moment", str(reason), 503)
            except _Stranger as reason:
                return self._notice("Not allowed", str(reason), 403)
            except Refused as reason:
                return self._notice("No report", str(reason), 404)

        return answer

    def _hosted(self, request: Request) -> RoomView:
        """The room of the request, if this browser is its host. Raises Refused."""
        view = self.rooms().view(request.path_params["room"])
        if view is None:
            raise Refused(_NO_ROOM)
        if not has_role("host", view.room, request.cookies):
            raise _Stranger(_NOT_HOST)
        return view

    def _notice(self, title: str, text: str, status: int) -> Response:
        retry = {"Retry-After": "3"} if status == 503 else None
        return notice(title, text, (f"{self.prefix}/", "Open Two Heads"), status, retry)
