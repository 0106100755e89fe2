"""The phones that wait for changes of rooms, each on a stream, and how many of them there may be."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass

#: Streams of one visitor.
MOST_OF_VISITOR = 20
#: Streams of each participant that have places of their own: for two devices or tabs.
OWN_PLACES = 2
#: Further streams of a room, and of all rooms together.
FURTHER_OF_ROOM, FURTHER_OF_ALL = 100, 2000
#: Streams of all rooms together, and those of each room that are opened even beyond that.
MOST_OF_ALL, KEPT_OF_ROOM = 6000, 12


@dataclass(eq=False)
class Stream:
    """A phone that waits for changes: whose it is, what wakes it, and whether it has to end.

    `number` is the participant's. `further` streams take a place that everybody shares.
    """

    visitor: str
    room: str
    number: int
    wake: asyncio.Event
    further: bool
    ended: bool = False

    @property
    def counter_keys(self) -> tuple[tuple[str, ...], ...]:
        """The keys of the counters that count the stream."""
        further = (("further", self.room), ("further",)) if self.further else ()
        return (("visitor", self.visitor), ("room", self.room), ("number", self.room, str(self.number)), *further)


class Streams:
    """The open streams of this server. They end when the server stops, which would otherwise wait for them.

    A phone without a stream asks every two seconds (`phone_follow.js`).
    """

    def __init__(self) -> None:
        self._open: set[Stream] = set()
        self._counts: Counter[tuple[str, ...]] = Counter()
        self._ending = False

    @property
    def count(self) -> int:
        """How many phones wait."""
        return len(self._open)

    def open(self, visitor: str, room: str, number: int) -> Stream | None:
        """A new stream; None if there is no place for it. It ends at once if the server is stopping."""
        further = self._counts["number", room, str(number)] >= OWN_PLACES
        if self._full(visitor, room, further):
            return None
        stream = Stream(visitor, room, number, asyncio.Event(), further, self._ending)
        self._open.add(stream)
        self._counts.update(stream.counter_keys)
        return stream

    def close(self, stream: Stream) -> None:
        """Remove a stream that has ended."""
        self._open.discard(stream)
        for key in stream.counter_keys:
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]

    def end_all(self) -> None:
        """End all streams, and those that are opened later, on the server's event loop."""
        self._ending = True
        for stream in self._open:
            stream.ended = True
            stream.wake.set()

    def _full(self, visitor: str, room: str, further: bool) -> bool:
        counts = self._counts
        if counts["visitor", visitor] >= MOST_OF_VISITOR:
            return True
        if further and (counts["further", room] >= FURTHER_OF_ROOM or counts["further",] >= FURTHER_OF_ALL):
            return True
        return self.count >= MOST_OF_ALL and counts["room", room] >= KEPT_OF_ROOM
