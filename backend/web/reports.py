"""Routes of the report of a room: for its host while there is the room, and by the report's own link if it is kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Container, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from backend.rooms import Refused, Rooms, RoomUnavailable, RoomView, export
from backend.rooms.phone import Panels
from backend.rooms.report.build import build
from backend.rooms.report.model import Report
from backend.rooms.report.table import table
from backend.web.base_path import prefix_of
from backend.web.notice import notice
from backend.web.request_filter import is_own_origin
from backend.web.rooms import has_role

_NO_STORE = {"Cache-Control": "no-store"}
_CSV = "text/csv; charset=utf-8"
_NOT_HOST = "Only the host of this room sees its report. Open the host's link in this browser first."
_NO_ROOM = "This room does not exist any more. If its report was kept, the link of the report opens it."


@dataclass(frozen=True)
class ReportPage:
    """A report and the links of its page. `csv` and `delete` are addresses.

    Without `kept_until` the report is not kept. `until` is when the homework ends. `votes` has the answers to it, by
    the id of the step and option, and `browsers` counts who has answered.
    """

    report: Report
    csv: str
    now: float
    kept_until: float | None = None
    delete: str = ""
    until: float | None = None
    votes: Mapping[str, list[int]] = field(default_factory=dict)
    browsers: int = 0


class _Stranger(Refused):
    """A request of somebody who is not the host."""


def report_routes(
    rooms: Callable[[], Rooms],
    panels: Panels,
    page: Callable[[ReportPage], str],
    base: str = "",
    origins: Container[str] = (),
) -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `page` gives the HTML of a report.

    `origins` are further origins of our own pages.
    """
    prefix = prefix_of(base)
    of = _Reports(rooms, panels, page, prefix, origins)
    return [
        Route(f"{prefix}/report/room/{{room}}", of.answered(of.of_room)),
        Route(f"{prefix}/report/room/{{room}}/answers.csv", of.answered(of.answers_of_room)),
        Route(f"{prefix}/report/kept/{{id}}/{{token}}", of.answered(of.kept)),
        Route(f"{prefix}/report/kept/{{id}}/{{token}}/answers.csv", of.answered(of.answers_of_kept)),
        Route(f"{prefix}/report/kept/{{id}}/{{token}}/delete", of.answered(of.delete), methods=["POST"]),
    ]


@dataclass
class _Reports:
    """What the routes answer. Each may raise Refused, with a sentence for whoever opened the link."""

    rooms: Callable[[], Rooms]
    panels: Panels
    page: Callable[[ReportPage], str]
    prefix: str
    origins: Container[str]

    async def of_room(self, request: Request) -> Response:
        """The report of a room as it is now, for its host. It has no names."""

        def work() -> str:
            view = self._hosted(request)
            report = make(self.rooms(), view, self.panels, names=False)
            csv = f"{self.prefix}/report/room/{view.room.id}/answers.csv"
            return self.page(ReportPage(report, csv, time.time()))

        return HTMLResponse(await asyncio.to_thread(work), headers=_NO_STORE)

    async def answers_of_room(self, request: Request) -> Response:
        """All answers of the room, with aliases, as the host's page has them."""

        def work() -> str:
            view = self._hosted(request)
            return export.table(view, self.rooms().host.openings(view.room.id))

        return _csv(await asyncio.to_thread(work))

    async def kept(self, request: Request) -> Response:
        """A report that was kept, for whoever has its link."""
        id, token = request.path_params["id"], request.path_params["token"]
        address = f"{self.prefix}/report/kept/{id}/{token}"

        def work() -> str:
            opened = self.rooms().reports.open(id, token)
            shown = ReportPage(
                opened.report, f"{address}/answers.csv", time.time(), opened.kept.expires, f"{address}/delete",
                opened.homework.until if opened.homework else None, opened.votes, opened.browsers,
            )  # fmt: skip
            return self.page(shown)

        return HTMLResponse(await asyncio.to_thread(work), headers=_NO_STORE)

    async def answers_of_kept(self, request: Request) -> Response:
        """All answers of a kept report."""

        def work() -> str:
            opened = self.rooms().reports.open(request.path_params["id"], request.path_params["token"])
            return table(opened.report, opened.votes, opened.numbers)

        return _csv(await asyncio.to_thread(work))

    async def delete(self, request: Request) -> Response:
        """Delete a kept report, if the report's own page asks for it."""
        if not is_own_origin(request.headers, self.origins):
            raise _Stranger("Delete the report on its own page: this request does not come from there.")
        await asyncio.to_thread(self.rooms().reports.delete, request.path_params["id"], request.path_params["token"])
        return self._notice("The report is deleted", "Nothing of it is left on this server.", 200)

    def answered(self, endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint, which answers a refusal with a page that has its sentence."""

        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except RoomUnavailable as reason:
                return self._notice("Try again in a moment", str(reason), 503, {"Retry-After": "3"})
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

    def _notice(self, title: str, text: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
        return notice(title, text, (f"{self.prefix}/", "Open Two Heads"), status, headers)


def make(rooms: Rooms, view: RoomView, panels: Panels, *, names: bool) -> Report:
    """The report of the room as it is now. Raises Refused."""
    openings = rooms.host.openings(view.room.id)
    return build(view, rooms.training, openings, panels, time.time(), names=names)


def _csv(text: str) -> Response:
    disposition = {"Content-Disposition": 'attachment; filename="two-heads-answers.csv"'}
    return Response(text, media_type=_CSV, headers={**_NO_STORE, **disposition})
