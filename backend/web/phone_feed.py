"""What the phones and the board of a room see, made once for each change, and the event streams that carry it."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from functools import partial

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from backend.rooms import Rooms, RoomUnavailable, RoomView, phone
from backend.rooms.people import REMOVED
from backend.web.phone_requests import GONE, NO_STORE
from backend.web.streams import Stream, Streams

log = logging.getLogger(__name__)

#: Seconds after which a room whose runs are still awaited is looked at again, and after which a stream without news
#: sends an event all the same.
_TICK, _ALIVE = 1.0, 15.0
#: Seconds between two looks of a board, which counts answers, and the number in place of a participant's.
_LOOK, BOARD = 0.3, 0
#: Milliseconds until a browser reopens an ended stream, and that of a room that is gone.
_REOPEN, _REOPEN_GONE = 1000, 30_000
#: The most bytes a second for the runs of a room that come one by one. A class shares one wireless network.
_RUNS_PER_SECOND = 2e6


class Latest:
    """What all phones of one room see, as JSON that is made once for each version. Use it on the event loop.

    With `counts`, for a board, it is made anew at each change: also when somebody joins or answers.
    """

    def __init__(
        self, rooms: Rooms, id: str, make: Callable[[RoomView], phone.Shown], streams: Streams, *, counts: bool = False
    ) -> None:
        self._rooms, self._id, self._make, self._streams, self._counts = rooms, id, make, streams, counts
        self._making = asyncio.Lock()
        self._made: object = None  # what the text was made of
        self._made_at = 0.0
        self.waits = False  # for something that is not measured yet
        self.text = b""

    @property
    def pause(self) -> float:
        """Seconds after which a stream looks again."""
        if self._counts or not self.waits:
            return _LOOK if self._counts else _ALIVE
        return min(max(_TICK, len(self.text) * len(self._streams.of_room(self._id)) / _RUNS_PER_SECOND), _ALIVE)

    async def refresh(self) -> bytes:
        """The text, made anew if the room has another version, or if something was awaited when it was made.

        Raises RoomUnavailable if there is no text yet and it cannot be made.
        """
        async with self._making:
            view, began = self._rooms.peek(self._id), time.monotonic()
            late = self.waits and began - self._made_at > 0.9 * self.pause
            state = view if view is None or self._counts else view.room.version
            if view is not None and (late or state != self._made):
                try:
                    # The stream that waits here may end, and then nothing has been made of this version.
                    page = await asyncio.to_thread(self._make, view)
                except Exception:  # a defect of ours: the phones show what they had, and it is tried again
                    log.exception("the page of a room could not be made")
                    self.waits = True
                else:
                    self.text, self.waits = page.model_dump_json().encode(), page.waits
                self._made, self._made_at = state, began
            if not self.text:
                raise RoomUnavailable("The room cannot be shown now. Try again in a moment.")
            return self.text


def message(own: phone.Own | None, page: bytes | None = None, **more: object) -> bytes:
    """What a page gets as JSON: what one participant alone sees (nobody, for a board), what all see, and `more`."""
    told = json.dumps({**more, "own": own and own.model_dump(mode="json")}).encode()
    return told if page is None else told[:-1] + b', "page": ' + page + b"}"


class Follow(StreamingResponse):
    """The feed of a room as server-sent events: a message at first, and when something of it changes.

    `gone` ends it: the room was deleted, or the participant removed. `alive` is sent if nothing else was sent for a
    while, so that no proxy closes the stream, and the browser knows that it is open.
    """

    def __init__(self, rooms: Rooms, latest: Latest, streams: Streams, stream: Stream) -> None:
        super().__init__(self._events(), media_type="text/event-stream", headers=NO_STORE)
        self._rooms, self._latest, self._streams, self._stream = rooms, latest, streams, stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        self._rooms.told = partial(_call_on_loop, loop, self._streams.wake)
        try:
            await super().__call__(scope, receive, send)
        finally:  # here and not in the generator, which has not begun if the browser left before
            self._streams.close(self._stream)

    async def _events(self) -> AsyncIterator[bytes]:
        stream, latest, sent, heard = self._stream, self._latest, b"", time.monotonic()
        yield f"retry: {_REOPEN}\n\n".encode()
        while not stream.ended:
            stream.wake.clear()
            if words := self._refusal():
                yield f"retry: {_REOPEN_GONE}\nevent: gone\ndata: {json.dumps(words)}\n\n".encode()
                return
            try:
                page = await latest.refresh()
            except RoomUnavailable:
                return
            text = message(self._own(), page)
            if text != sent:
                sent, heard = text, time.monotonic()
                yield b"data: " + text + b"\n\n"
            elif time.monotonic() - heard > _ALIVE:
                heard = time.monotonic()
                yield b"event: alive\ndata:\n\n"
            try:
                async with asyncio.timeout(latest.pause):
                    await stream.wake.wait()
            except TimeoutError:
                pass

    def _refusal(self) -> str:
        """Why the stream ends, as far as this server knows the room; empty if it goes on."""
        view, number = self._rooms.peek(self._stream.room), self._stream.number
        who = view.participants.get(number) if view else None
        if view is None or (who is None and number != BOARD):
            return GONE
        return REMOVED if who is not None and who.removed else ""

    def _own(self) -> phone.Own | None:
        """What the participant of the stream alone sees; None for a board."""
        view = self._rooms.peek(self._stream.room)
        who = view.participants.get(self._stream.number) if view else None
        return phone.own(view, who) if view and who else None


def _call_on_loop(loop: asyncio.AbstractEventLoop, do: Callable[[str], None], room: str) -> None:
    """Call `do` with the room on the event loop, from any thread. If the loop has ended, no page waits."""
    try:
        loop.call_soon_threadsafe(do, room)
    except RuntimeError:
        pass
