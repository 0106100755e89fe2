"""How many streams a visitor, a room and all rooms together may have."""

from __future__ import annotations

from backend.web.streams import FURTHER_OF_ROOM, MOST_OF_VISITOR, OWN_PLACES, Streams


def opened(streams: Streams, room: str, *numbers: int) -> list[bool]:
    """Which of these participants' streams are open, one after the other."""
    return [streams.open(f"{number} of {room}", room, number) is not None for number in numbers]


def test_participants_who_open_many_streams_take_no_place_of_another_one() -> None:
    streams = Streams()
    crowd = range(FURTHER_OF_ROOM // (MOST_OF_VISITOR - OWN_PLACES) + 2)
    found = opened(streams, "full", *[*crowd] * MOST_OF_VISITOR)
    assert sum(found) == OWN_PLACES * len(crowd) + FURTHER_OF_ROOM < len(found)
    late = len(crowd)
    assert opened(streams, "full", *[late] * (OWN_PLACES + 1)) == [True] * OWN_PLACES + [False]
    assert opened(streams, "other", 1) == [True]
