"""Routes of a participant's phone: the page, joining, the room's state as an event stream, and answers by POST.

The page is one small document of our own. It has no Streamlit session: what all phones see is made once for each
version of the room and sent as it is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Container
from dataclasses import dataclass, field

from cachetools import LRUCache
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from backend.rooms import Participant, RoomRefused, Rooms, RoomView, phone
from backend.rooms.machine import STAGES
from backend.rooms.people import Choice, SentAnswer, Wanted
from backend.web.cookie import COOKIE, VISITOR_SECONDS, new_visitor, set_cookie, visitor_in
from backend.web.phone_feed import BOARD, Follow, Latest, message
from backend.web.phone_requests import NO_STORE, Bodies, answered, json_answer, participant_of
from backend.web.streams import Streams

#: Rooms whose page is kept.
_MOST_ROOMS = 1000


@dataclass(frozen=True)
class Pages:
    """What phones of a room see now; the HTML of an earlier result, by its position; what a board shows, at a site."""

    page: Callable[[RoomView], phone.Page]
    result: Callable[[RoomView, int], str]
    board: Callable[[RoomView, str], phone.Shown]


def phone_routes(
    rooms: Callable[[], Rooms],
    streams: Streams,
    html: str,
    pages: Pages,
    prefix: str = "",
    *,
    framed: bool = False,
    origins: Container[str] = (),
    hosts: Collection[str] = (),
) -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `html` is the document of the page.

    With `framed`, the page may stand in a frame of another site. `origins` are further origins of our own pages, and
    `hosts` the names that may be requested, if not all.
    """
    of = _Phone(rooms, streams, html, pages, prefix, Bodies(origins, hosts), framed)
    return [
        *(Route(f"{prefix}/join{end}", of.document) for end in ("", "/", "/{code}", "/{code}/")),
        Route(f"{prefix}/rooms/join", answered(of.join), methods=["POST"]),
        Route(f"{prefix}/rooms/{{room}}/page", answered(of.follow)),
        Route(f"{prefix}/rooms/{{room}}/board", answered(of.show_board)),
        Route(f"{prefix}/rooms/{{room}}/answer", answered(of.answer), methods=["POST"]),
        Route(f"{prefix}/rooms/{{room}}/me", answered(of.me), methods=["POST"]),
        Route(f"{prefix}/rooms/{{room}}/results/{{step}}", answered(of.result)),
        Route(f"{prefix}/rooms/{{room}}/runs/{{step}}", answered(of.run)),
    ]


@dataclass
class _Phone:
    """What the routes answer. Each may raise RoomRefused, with a sentence for the participant."""

    rooms: Callable[[], Rooms]
    streams: Streams
    html: str
    show: Pages
    prefix: str
    body: Bodies
    framed: bool
    pages: LRUCache[str, Latest] = field(default_factory=lambda: LRUCache(_MOST_ROOMS))

    def latest(self, id: str) -> Latest:
        """What phones of the room see now."""
        return self.pages.setdefault(id, Latest(self.rooms(), id, self.show.page, self.streams))

    async def document(self, _: Request) -> Response:
        """The page, which is the same for all."""
        return HTMLResponse(self.html)

    async def join(self, request: Request) -> Response:
        """Join the room with a code, as a new or a known participant, and get what the page shows first."""
        wanted = await self.body.read(request, Wanted)
        visitor = visitor_in(request.cookies) or new_visitor()
        address = request.client.host if request.client else ""

        def work() -> tuple[str, RoomView, Participant]:
            id = self.rooms().find(wanted.code, visitor, address, wanted.invite)
            who = self.rooms().people.join(id, visitor)
            view = self.rooms().existing(id)
            return id, view, view.participants.get(who.number, who)

        id, view, who = await asyncio.to_thread(work)
        answer = _json(message(phone.own(view, who), await self.latest(id).refresh(), room=id, now=time.time()))
        answer.headers["set-cookie"] = set_cookie(
            COOKIE, visitor, VISITOR_SECONDS, framed=self.framed, https=request.url.scheme == "https"
        )
        return answer

    async def follow(self, request: Request) -> Response:
        """The page as an event stream; with `?once`, as it is now."""
        view, who = await participant_of(self.rooms(), request)
        latest = self.latest(request.path_params["room"])
        if "once" in request.query_params:
            return _json(message(phone.own(view, who), await latest.refresh()))
        return self._follow(request, latest, who.number)

    async def show_board(self, request: Request) -> Response:
        """The board in the same way, for whoever has its address. `?site` is the app's address in that browser."""
        id, rooms = request.path_params["room"], self.rooms()
        await asyncio.to_thread(rooms.existing, id)
        site = request.query_params.get("site", "")
        latest = Latest(rooms, id, lambda view: self.show.board(view, site), self.streams, counts=True)
        if "once" in request.query_params:
            return _json(message(None, await latest.refresh()))
        return self._follow(request, latest, BOARD)

    def _follow(self, request: Request, latest: Latest, number: int) -> Response:
        stream = self.streams.open(request.path_params["room"], number)
        if stream is None:
            return json_answer({"refused": "Too many pages wait."}, 503, {"Retry-After": "5"})
        return Follow(self.rooms(), latest, self.streams, stream)

    async def answer(self, request: Request) -> Response:
        """Store an answer. The same one may be sent again: the last one counts."""
        sent = await self.body.read(request, SentAnswer)
        id, (_, who) = request.path_params["room"], await participant_of(self.rooms(), request)
        await asyncio.to_thread(self.rooms().people.answer, id, who, sent)
        return await self._own(request)

    async def me(self, request: Request) -> Response:
        """Change the participant's name or pace."""
        wanted = await self.body.read(request, Choice)
        id, (_, who) = request.path_params["room"], await participant_of(self.rooms(), request)
        await asyncio.to_thread(self.rooms().people.choose, id, who, wanted)
        return await self._own(request)

    async def _own(self, request: Request) -> Response:
        """What the participant sees after a change of theirs."""
        view, who = await participant_of(self.rooms(), request)
        return _json(message(phone.own(view, who)))

    async def result(self, request: Request) -> Response:
        """An earlier result as HTML, after the lesson."""
        view, _ = await participant_of(self.rooms(), request)
        position, now = _position(request), view.room.state
        over = now.closed or now.phase == "end"
        if not over or position >= len(view.room.lesson.steps) or not now.shows_result_of(position):
            raise RoomRefused("This result is not shown now.")
        return json_answer({"html": await asyncio.to_thread(self.show.result, view, position)})

    async def run(self, request: Request) -> Response:
        """Open the participant's own run of a step in Train."""
        view, who = await participant_of(self.rooms(), request)
        position, now = _position(request), view.room.state
        seeds = position < len(view.room.lesson.steps) and view.room.lesson.steps[position].block.run == "seed"
        partly = position == now.step and now.phase == "reveal" and now.stage < STAGES
        if not seeds or not now.shows_result_of(position) or partly or now.paused:
            raise RoomRefused("This result is not shown now.")
        return RedirectResponse(f"{self.prefix}/train?{phone.run_query(view, position, who.number)}", 303, NO_STORE)


def _position(request: Request) -> int:
    """The position of a step in the path. Raises RoomRefused."""
    text = request.path_params["step"]
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise RoomRefused("There is no such question.")
    return int(text)


def _json(text: bytes) -> Response:
    return Response(text, media_type="application/json", headers=NO_STORE)
