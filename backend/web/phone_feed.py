"""What the phones of a room see, made once for each version, and the event streams that carry it."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from functools import partial

from cachetools import LRUCache
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from backend.rooms import Participant, Rooms, RoomUnavailable, phone
from backend.rooms.people import REMOVED
from backend.web.phone_requests import GONE, NO_STORE
from backend.web.streams import Stream, Streams

log = logging.getLogger(__name__)

#: Seconds after which a room whose runs are still awaited is looked at again, and after which a stream without news
#: sends an event all the same.
_TICK, _ALIVE = 1.0, 15.0
#: Milliseconds until a browser reopens an ended stream, and that of a room that is gone.
_REOPEN, _REOPEN_GONE = 1000, 30_000
#: The most bytes a second for the runs of a room that come one by one. A class shares one wireless network.
_RUNS_PER_SECOND = 2e6
#: Rooms whose page is kept.
_MOST_ROOMS = 1000


class Latest:
    """What all phones of one room see, as JSON that is made once for each version. Use it on the event loop."""

    def __init__(self, rooms: Rooms, id: str, panels: phone.Panels) -> None:
        self._rooms, self._id, self._panels = rooms, id, panels
        self._making = asyncio.Lock()
        self._version, self._made_at = -1, 0.0
        self.waits = False  # for something that is not measured yet
        self.streams: set[Stream] = set()  # those that send it
        self._stop: Callable[[], None] = lambda: None  # ends listening to the room
        self.text = b""
        self.tag = 0  # changes with the text

    @property
    def pause(self) -> float:
        """Seconds after which it is made anew while something is awaited."""
        return min(max(_TICK, len(self.text) * len(self.streams) / _RUNS_PER_SECOND), _ALIVE)

    def follow(self, stream: Stream) -> None:
        """From now on, each new version of the room wakes the stream."""
        if not self.streams:
            wake = partial(_call_on_loop, asyncio.get_running_loop(), self._wake)
            self._stop = self._rooms.listen(self._id, wake)
        self.streams.add(stream)

    def leave(self, stream: Stream) -> None:
        """Remove a stream that has ended."""
        self.streams.discard(stream)
        if not self.streams:
            self._stop()

    def _wake(self) -> None:
        """Have all streams look for what is new."""
        for stream in self.streams:
            stream.wake.set()

    async def refresh(self) -> bytes:
        """The text, made anew if the room has another version, or if something was awaited when it was made.

        Raises RoomUnavailable if there is no text yet and it cannot be made.
        """
        async with self._making:
            version = self._rooms.version(self._id)
            late = self.waits and time.monotonic() - self._made_at > 0.9 * self.pause
            if self.text and version == self._version and not late:
                return self.text
            view = self._rooms.peek(self._id)
            if view is None:
                if not self.text:
                    raise RoomUnavailable("The room cannot be shown now. Try again in a moment.")
                return self.text
            began = time.monotonic()
            try:
                # The stream that waits here may end, and then nothing has been made of this version.
                page = await asyncio.to_thread(phone.page, view, self._rooms.training, self._panels)
            except Exception:  # a defect of ours: the phones show what they had, and it is tried again
                log.exception("the page of a room could not be made")
                self._version, self._made_at = version, began
                self.waits = True
                if not self.text:
                    raise RoomUnavailable("The room cannot be shown now. Try again in a moment.") from None
                return self.text
            text = page.model_dump_json().encode()
            self._version, self._made_at = version, began
            self.waits = page.waits
            if text != self.text:
                self.text = text
                self.tag += 1
            return text


class Feeds:
    """What the phones of all rooms see."""

    def __init__(self, panels: phone.Panels) -> None:
        self._panels = panels
        self._latest: LRUCache[str, Latest] = LRUCache(maxsize=_MOST_ROOMS)

    def latest(self, rooms: Rooms, id: str) -> Latest:
        """What phones of the room see now."""
        if id not in self._latest:
            self._latest[id] = Latest(rooms, id, self._panels)
        return self._latest[id]


class Follow(StreamingResponse):
    """The feed of a room as server-sent events, with the participant's name and pace: first, and when they change.

    `gone` ends it: the room was deleted, or the participant removed. `alive` is sent if nothing else was sent for a
    while, so that no proxy closes the stream, and the browser knows that it is open.
    """

    def __init__(self, rooms: Rooms, latest: Latest, streams: Streams, stream: Stream) -> None:
        super().__init__(self._events(), media_type="text/event-stream", headers=NO_STORE)
        self._rooms, self._latest, self._streams, self._stream = rooms, latest, streams, stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._latest.follow(self._stream)
        try:
            await super().__call__(scope, receive, send)
        finally:  # here and not in the generator, which has not begun if the browser left before
            self._latest.leave(self._stream)
            self._streams.close(self._stream)

    async def _events(self) -> AsyncIterator[bytes]:
        stream, latest, tag, heard = self._stream, self._latest, -1, time.monotonic()
        told: dict[str, str] = {}  # nothing: both may have changed while the phone had no stream
        yield f"retry: {_REOPEN}\n\n".encode()
        while not stream.ended:
            stream.wake.clear()
            who = self._participant()
            if who is None or who.removed:
                words = REMOVED if who is not None and who.removed else GONE
                yield f"retry: {_REOPEN_GONE}\nevent: gone\ndata: {json.dumps(words)}\n\n".encode()
                return
            try:
                await latest.refresh()
            except RoomUnavailable:
                return
            who = self._participant() or who  # it may have changed meanwhile
            before_own, told = told, {"alias": who.alias, "pace": who.pace}
            if told != before_own:
                yield f"event: own\ndata: {json.dumps(told)}\n\n".encode()
            if latest.tag != tag:
                tag, heard = latest.tag, time.monotonic()
                yield b"data: " + latest.text + b"\n\n"
            elif time.monotonic() - heard > _ALIVE:
                heard = time.monotonic()
                yield b"event: alive\ndata:\n\n"
            try:
                async with asyncio.timeout(latest.pause if latest.waits else _ALIVE):
                    await stream.wake.wait()
            except TimeoutError:
                pass

    def _participant(self) -> Participant | None:
        """The participant of the stream, as far as this server knows the room."""
        view = self._rooms.peek(self._stream.room)
        return view.participants.get(self._stream.number) if view is not None else None


def _call_on_loop(loop: asyncio.AbstractEventLoop, do: Callable[[], None], _: int = 0) -> None:
    """Call `do` on the event loop, from any thread. If the loop has ended, no page waits."""
    try:
        loop.call_soon_threadsafe(do)
    except RuntimeError:
        pass
