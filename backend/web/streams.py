"""The phones that wait for changes of rooms, each on a stream, and how many of them there may be."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass

#: Streams of one participant: for several devices and tabs.
MOST_OF_PARTICIPANT = 3
#: Streams of all rooms together, and those of each room that are opened even beyond that.
MOST_OF_ALL, KEPT_OF_ROOM = 6000, 12


@dataclass(eq=False)
class Stream:
    """A phone that waits for changes: whose it is, what wakes it, and whether it has to end.

    `number` is the participant's.
    """

    room: str
    number: int
    wake: asyncio.Event
    ended: bool = False


class Streams:
    """The open streams of this server. They end when the server stops, which would otherwise wait for them.

    A phone without a stream asks every two seconds (`phone_follow.js`).
    """

    def __init__(self) -> None:
        self._open: defaultdict[str, set[Stream]] = defaultdict(set)  # by room
        self._ending = False

    @property
    def count(self) -> int:
        """How many phones wait."""
        return sum(map(len, self._open.values()))

    def of_room(self, room: str) -> set[Stream]:
        """The phones that wait for changes of that room."""
        return self._open.get(room, set())

    def open(self, room: str, number: int) -> Stream | None:
        """A new stream; None if there is no place for it. It ends at once if the server is stopping."""
        of_room = self.of_room(room)
        if sum(each.number == number for each in of_room) >= MOST_OF_PARTICIPANT:
            return None
        if self.count >= MOST_OF_ALL and len(of_room) >= KEPT_OF_ROOM:
            return None
        stream = Stream(room, number, asyncio.Event(), self._ending)
        self._open[room].add(stream)
        return stream

    def close(self, stream: Stream) -> None:
        """Remove a stream that has ended."""
        self._open[stream.room].discard(stream)
        if not self._open[stream.room]:
            del self._open[stream.room]

    def wake(self, room: str) -> None:
        """Have all phones of the room look for what is new."""
        for stream in self.of_room(room):
            stream.wake.set()

    def end_all(self) -> None:
        """End all streams, and those that are opened later, on the server's event loop."""
        self._ending = True
        for room, streams in self._open.items():
            for stream in streams:
                stream.ended = True
            self.wake(room)
