"""How many streams a participant and all rooms together may have."""

from __future__ import annotations

import pytest

from backend.web import streams
from backend.web.streams import MOST_OF_PARTICIPANT, Streams


def test_participants_who_open_many_streams_take_no_place_of_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_OF_ALL", 10 * MOST_OF_PARTICIPANT)
    opened = Streams()
    found = [opened.open("full", number) is not None for number in range(10) for _ in range(20)]
    assert sum(found) == 10 * MOST_OF_PARTICIPANT
    assert opened.open("full", 10) is None
    assert opened.open("other", 1), "some places are kept for each room"
