"""Routes of the report of a room and of its answers as CSV, for the room's host."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from backend.rooms import RoomRefused, Rooms, RoomUnavailable, RoomView, export
from backend.rooms.phone import Panels
from backend.rooms.report import Report, build
from backend.web.notice import notice
from backend.web.rooms import is_host

_NO_STORE = {"Cache-Control": "no-store"}
_NOT_HOST = "Only the host of this room sees its report. Open the host's link in this browser first."


def report_routes(
    rooms: Callable[[], Rooms], panels: Panels, page: Callable[[Report, str], str], prefix: str = ""
) -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `page` gives the HTML of a report with a link to its CSV."""

    def said(title: str, text: str, status: int, **headers: str) -> Response:
        return notice(title, text, (f"{prefix}/", "Open Two Heads"), status, headers)

    def hosted(work: Callable[[RoomView], Response]) -> Callable[[Request], Response]:
        """An endpoint that answers with `work` of the room, in a thread, or says that the browser is not its host."""

        def answer(request: Request) -> Response:
            try:
                view = rooms().existing(request.path_params["room"])
                if not is_host(view.room, request.cookies):
                    return said("Not allowed", _NOT_HOST, 403)
                return work(view)
            except RoomUnavailable as reason:
                return said("Try again in a moment", str(reason), 503, **{"Retry-After": "3"})
            except RoomRefused as reason:
                return said("No report", str(reason), 404)

        return answer

    def report(view: RoomView) -> Response:
        """The report of a room as it is now."""
        made = build(view, rooms().training, panels, time.time())
        return HTMLResponse(page(made, f"{prefix}/report/room/{view.room.id}/answers.csv"), headers=_NO_STORE)

    def answers(view: RoomView) -> Response:
        """All answers of the room, with aliases."""
        name = f"two-heads-{view.room.lesson_id}-{view.room.code.lower()}.csv"
        headers = {**_NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(export.table(view), media_type="text/csv; charset=utf-8", headers=headers)

    return [
        Route(f"{prefix}/report/room/{{room}}", hosted(report)),
        Route(f"{prefix}/report/room/{{room}}/answers.csv", hosted(answers)),
    ]
