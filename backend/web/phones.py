"""Routes of a participant's phone: the page, joining, the room's state as an event stream, and answers by POST.

The page is one small document of our own. It has no Streamlit session: what all phones see is made once for each
version of the room and sent as it is.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection, Container
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from cachetools import LRUCache
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from backend.rooms import Participant, Refused, Rooms, RoomUnavailable, RoomView, phone
from backend.rooms.machine import BEATS
from backend.rooms.people import REMOVED
from backend.web.cookie import COOKIE, VISITOR_SECONDS, new_visitor, set_cookie, visitor_in
from backend.web.phone_requests import GONE, NO_STORE, Bodies, answered, json_answer, participant_of
from backend.web.questions import QuestionNews, question_routes
from backend.web.streams import Stream, Streams

log = logging.getLogger(__name__)

#: Seconds after which a room whose runs are still awaited is looked at again, and after which a stream without news
#: sends an event all the same.
_TICK, _ALIVE = 1.0, 15.0
#: Milliseconds until a browser reopens an ended stream, and that of a room that is gone.
_REOPEN, _REOPENGONE = 1000, 30_000
#: Results that are kept.
_MOST_RESULTS = 100
#: The most bytes a second for the runs of a room that come one by one. A class shares one wireless network.
_RUNS_PER_SECOND = 2e6
#: Rooms whose page is kept while nobody follows them.
_MOST_ROOMS = 200


class Latest:
    """What all phones of one room see, as JSON that is made once for each version. Use it on the event loop."""

    def __init__(self, rooms: Rooms, id: str, panels: phone.Panels) -> None:
        self._rooms, self._id, self._panels = rooms, id, panels
        self._making = asyncio.Lock()
        self._version, self._made_at = -1, 0.0
        self.questions = QuestionNews(rooms, id)
        self.waits = False  # for something that is not measured yet
        self.readers = 0  # streams that send it
        self.text = b""
        self.tag = 0  # another one for another text

    @property
    def pause(self) -> float:
        """Seconds after which it is made anew while something is awaited."""
        return min(max(_TICK, len(self.text) * self.readers / _RUNS_PER_SECOND), _ALIVE)

    async def refresh(self) -> bytes:
        """The text, made anew if the room has another version, or if something was awaited when it was made."""
        async with self._making:
            version = self._rooms.version(self._id)
            late = self.waits and time.monotonic() - self._made_at > 0.9 * self.pause
            if version == self._version and not late:
                return self.text
            view = self._rooms.peek(self._id)
            if view is None:
                return self.text
            self._version, self._made_at = version, time.monotonic()
            try:
                page = await asyncio.to_thread(page_of, self._rooms, view, self._panels)
            except Exception:  # a defect of ours: the phones show what they had, and it is tried again
                log.exception("the page of a room could not be made")
                self.waits = True
                if not self.text:
                    raise RoomUnavailable("The room cannot be shown now. Try again in a moment.") from None
                return self.text
            text = page.model_dump_json().encode()
            self.waits = page.waits
            if text != self.text:
                self.text = text
                self.tag += 1
            return text

    def with_questions(self) -> bytes:
        """The text as it was made last, with what is told of the questions from the room."""
        return self.text[:-1] + b', "room_questions": ' + self.questions.notice(self.readers) + b"}"

    async def message(self) -> bytes:
        """The same, made anew if it has to be."""
        await self.refresh()
        return self.with_questions()


def page_of(rooms: Rooms, view: RoomView, panels: phone.Panels) -> phone.Page:
    """What all phones of the room show now."""
    return phone.page(view, partial(rooms.training.of_step, view), panels)


@dataclass
class _Feed:
    """The streams of a room, which a new version wakes."""

    latest: Latest
    streams: set[Stream] = field(default_factory=set)
    stops: list[Callable[[], None]] = field(default_factory=list)

    def wake(self) -> None:
        for stream in self.streams:
            stream.wake.set()


class Feeds:
    """What the phones of all rooms see, and the streams of those that somebody follows on this server."""

    def __init__(self, panels: phone.Panels) -> None:
        self._panels = panels
        self._latest: LRUCache[str, Latest] = LRUCache(maxsize=_MOST_ROOMS)
        self._feeds: dict[str, _Feed] = {}

    def latest(self, rooms: Rooms, id: str) -> Latest:
        """What phones of the room see now."""
        if id in self._feeds:
            return self._feeds[id].latest
        if id not in self._latest:
            self._latest[id] = Latest(rooms, id, self._panels)
        return self._latest[id]

    def follow(self, rooms: Rooms, stream: Stream) -> Latest:
        """The same for a stream, which each new version wakes from now on."""
        feed = self._feeds.get(stream.room)
        if feed is None:
            feed = self._feeds[stream.room] = _Feed(self.latest(rooms, stream.room))
            wake = partial(_call_on_loop, asyncio.get_running_loop(), feed.wake)
            feed.stops = [rooms.listen(stream.room, wake), feed.latest.questions.watch(feed.streams, feed.wake)]
        feed.streams.add(stream)
        feed.latest.readers = len(feed.streams)
        return feed.latest

    def leave(self, stream: Stream) -> None:
        """The stream has ended."""
        feed = self._feeds.get(stream.room)
        if feed is not None:
            feed.streams.discard(stream)
            feed.latest.readers = len(feed.streams)
            if not feed.streams:
                for stop in feed.stops:
                    stop()
                del self._feeds[stream.room]


class _Follow(StreamingResponse):
    """The feed of a room as server-sent events, with what has changed of its participant.

    `gone` ends it: the room was deleted, or the participant removed. `alive` comes where nothing else does, so that no
    proxy closes the stream, and a browser knows that it flows.
    """

    def __init__(self, rooms: Rooms, feeds: Feeds, streams: Streams, stream: Stream, who: Participant) -> None:
        super().__init__(self._events(), media_type="text/event-stream", headers=NO_STORE)
        self._rooms, self._feeds, self._streams, self._stream, self._known = rooms, feeds, streams, stream, who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._latest = self._feeds.follow(self._rooms, self._stream)
        try:
            await super().__call__(scope, receive, send)
        finally:  # here and not in the generator, which has not begun if the browser left before
            self._feeds.leave(self._stream)
            self._streams.close(self._stream)

    async def _events(self) -> AsyncIterator[bytes]:
        stream, latest, tag, heard, known = self._stream, self._latest, -1, time.monotonic(), self._known
        notice = b""
        yield f"retry: {_REOPEN}\n\n".encode()
        while not stream.ended:
            stream.wake.clear()
            who = self._rooms.people.of_number(stream.room, known.number)
            if who is None or who.removed or not self._rooms.version(stream.room):
                words = REMOVED if who is not None and who.removed else GONE
                yield f"retry: {_REOPENGONE}\nevent: gone\ndata: {json.dumps(words)}\n\n".encode()
                return
            try:
                await latest.refresh()
            except RoomUnavailable:
                return
            before, notice = notice, latest.questions.notice(latest.readers)
            if (who.alias, who.pace) != (known.alias, known.pace):
                yield f"event: own\ndata: {json.dumps({'alias': who.alias, 'pace': who.pace})}\n\n".encode()
            known = who
            if latest.tag != tag:
                tag, heard = latest.tag, time.monotonic()
                yield b"data: " + latest.with_questions() + b"\n\n"
            elif notice != before:
                heard = time.monotonic()
                yield b"event: questions\ndata: " + notice + b"\n\n"
            elif time.monotonic() - heard > _ALIVE:
                heard = time.monotonic()
                yield b"event: alive\ndata:\n\n"
            try:
                async with asyncio.timeout(latest.pause if latest.waits else _ALIVE):
                    await stream.wake.wait()
            except TimeoutError:
                pass


def phone_routes(
    rooms: Callable[[], Rooms],
    streams: Streams,
    html: str,
    panels: phone.Panels,
    base: str = "",
    *,
    framed: bool = False,
    origins: Container[str] = (),
    hosts: Collection[str] = (),
) -> list[BaseRoute]:
    """The routes, under the app's base path if it has one. `html` is the document of the page.

    With `framed`, the page may stand in a frame of another site. `origins` are further origins of our own pages, and
    `hosts` the names that may be requested, if not all.
    """
    prefix = f"/{base.strip('/')}" if base.strip("/") else ""
    feeds, asking = Feeds(panels), asyncio.Lock()
    results: LRUCache[tuple[str, int, int], bytes] = LRUCache(maxsize=_MOST_RESULTS)
    body = Bodies(origins, hosts)

    async def document(_: Request) -> Response:
        return HTMLResponse(html)

    async def moved(request: Request) -> Response:
        """The link of an earlier version, which led to the page of Streamlit."""
        query = dict(request.query_params)
        code = quote(query.pop("code"), safe="")
        more = urlencode({key: value for key, value in query.items() if key in ("invite", "me")})
        return RedirectResponse(f"{prefix}/join/{code}{'?' if more else ''}{more}", 303, NO_STORE)

    async def join(request: Request) -> Response:
        """Join the room with a code, as a new or a known participant, and get what the page shows first."""
        wanted = await body.read(request, phone.Wanted)
        visitor = visitor_in(request.cookies) or new_visitor()
        address = request.client.host if request.client else ""

        def work() -> tuple[str, RoomView, Participant]:
            id, people = rooms().find(wanted.code, visitor, address, wanted.invite), rooms().people
            who = people.adopt(id, wanted.me, visitor) if wanted.me else people.join(id, visitor)
            view = rooms().view(id)
            if view is None:
                raise Refused(GONE)
            return id, view, view.participants.get(who.number, who)

        id, view, who = await asyncio.to_thread(work)
        told = json.dumps({"room": id, "own": _own(rooms(), view, who)}).encode()
        text = told[:-1] + b', "page": ' + await feeds.latest(rooms(), id).message() + b"}"
        answer = Response(text, media_type="application/json", headers=NO_STORE)
        answer.headers["set-cookie"] = set_cookie(
            COOKIE, visitor, VISITOR_SECONDS, framed=framed, https=request.url.scheme == "https"
        )
        return answer

    async def follow(request: Request) -> Response:
        """The page as an event stream; with `?once`, as it is now."""
        id = request.path_params["room"]
        _, who = await participant_of(rooms(), request)
        if "once" in request.query_params:
            return Response(await feeds.latest(rooms(), id).message(), media_type="application/json", headers=NO_STORE)
        stream = streams.open(visitor_in(request.cookies) or "", id, who.number)
        if stream is None:
            return json_answer({"refused": "Too many pages wait."}, 503, {"Retry-After": "5"})
        return _Follow(rooms(), feeds, streams, stream, who)

    async def own(request: Request) -> Response:
        view, who = await participant_of(rooms(), request)
        return json_answer(_own(rooms(), view, who))

    async def answer(request: Request) -> Response:
        """Store an answer. The same one may be sent again: the last one counts."""
        sent = await body.read(request, phone.Sent)
        id, (_, who) = request.path_params["room"], await participant_of(rooms(), request)
        store = rooms().people.answer
        await asyncio.to_thread(store, id, who, sent.step, sent.round, sent.option, sent.sure, sent.asked)
        return json_answer({"stored": True})

    async def me(request: Request) -> Response:
        """Change the participant's name or pace."""
        wanted = await body.read(request, phone.Choice)
        id, (_, who) = request.path_params["room"], await participant_of(rooms(), request)
        if wanted.name is not None:
            await asyncio.to_thread(rooms().people.set_name, id, who, wanted.name)
        if wanted.pace is not None:
            await asyncio.to_thread(rooms().people.set_pace, id, who, wanted.pace)
        view, who = await participant_of(rooms(), request)
        return json_answer(_own(rooms(), view, who))

    async def result(request: Request) -> Response:
        """An earlier result, after the lesson."""
        view, _ = await participant_of(rooms(), request)
        position, now = _position(request), view.room.state
        over = now.closed or now.phase == "end"
        if not over or position >= len(view.room.lesson.steps) or not now.shows_result_of(position):
            raise Refused("This result is not shown now.")

        def work() -> bytes:
            rooms().training.restore(view, position)
            made, _ = phone.result(view, position, BEATS, partial(rooms().training.of_step, view), panels)
            return gzip.compress(made.model_dump_json().encode())

        key = view.room.id, view.room.version, position
        async with asking:  # at the end of a lesson all phones ask at once
            if key not in results:
                results[key] = await asyncio.to_thread(work)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(gzip.decompress(results[key]), media_type="application/json", headers=NO_STORE)
        return Response(results[key], media_type="application/json", headers={**NO_STORE, "Content-Encoding": "gzip"})

    async def run(request: Request) -> Response:
        """Open the participant's own run of a step in Train."""
        view, who = await participant_of(rooms(), request)
        position, now = _position(request), view.room.state
        seeds = position < len(view.room.lesson.steps) and view.room.lesson.steps[position].block.run == "seed"
        partly = position == now.step and now.phase == "reveal" and now.beat < BEATS
        if not seeds or not now.shows_result_of(position) or partly or now.paused:
            raise Refused("This result is not shown now.")
        return RedirectResponse(f"{prefix}/train?{phone.run_query(view, position, who.number)}", 303, NO_STORE)

    return [
        _OldLink(f"{prefix}/room", moved),
        *(Route(f"{prefix}/join{end}", document) for end in ("", "/", "/{code}", "/{code}/")),
        Route(f"{prefix}/rooms/join", answered(join), methods=["POST"]),
        Route(f"{prefix}/rooms/{{room}}/page", answered(follow)),
        Route(f"{prefix}/rooms/{{room}}/own", answered(own)),
        Route(f"{prefix}/rooms/{{room}}/answer", answered(answer), methods=["POST"]),
        Route(f"{prefix}/rooms/{{room}}/me", answered(me), methods=["POST"]),
        Route(f"{prefix}/rooms/{{room}}/results/{{step}}", answered(result)),
        Route(f"{prefix}/rooms/{{room}}/runs/{{step}}", answered(run)),
        *question_routes(rooms, lambda id: feeds.latest(rooms(), id).questions, body, prefix),
    ]


class _OldLink(Route):
    """The page of rooms where its link has the code of a room, and neither its host nor its board."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Leave all other links to Streamlit."""
        names = parse_qs(scope.get("query_string", b"").decode("latin-1")).keys()
        if "code" not in names or {"host", "board"} & names:
            return Match.NONE, {}
        return super().matches(scope)


def _position(request: Request) -> int:
    """The position of a step in the path. Raises Refused."""
    text = request.path_params["step"]
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise Refused("There is no such question.")
    return int(text)


def _own(rooms: Rooms, view: RoomView, who: Participant) -> dict[str, Any]:
    told = phone.own(view, who, rooms.people.token(view.room, who)).model_dump(mode="json")
    return told | {"now": time.time()}


def _call_on_loop(loop: asyncio.AbstractEventLoop, do: Callable[[], None], _: int = 0) -> None:
    """Call `do` on the event loop, from any thread. If the loop has ended, no page waits."""
    try:
        loop.call_soon_threadsafe(do)
    except RuntimeError:
        pass
