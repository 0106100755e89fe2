"""The report of a room: what was revealed of it, and nobody's name."""

from __future__ import annotations

import pytest

from backend.database.visitors import hashed
from backend.rooms import RoomRefused
from backend.rooms.pictures import Runs, Votes
from components.phone import report
from tests.builders.reports import NAMES, VISITORS, reported, taught


def test_there_is_no_report_before_a_result_is_revealed(room):
    room.join("ada")
    with pytest.raises(RoomRefused, match="once the result of a question is revealed"):
        reported(room)
    room.act("begin", "freeze")
    with pytest.raises(RoomRefused):
        reported(room)


def test_a_report_has_what_was_revealed(room):
    found = reported(taught(room))
    (question,) = found.questions
    assert (question.step.id, question.right) == ("sum", 1)
    assert tuple(map(len, question.rounds)) == (7, 6)
    assert question.comparison().endswith("Normalized gain: g = 1.00.")
    assert [type(part.picture) for part in question.parts] == [Votes, Runs, type(None)]
    room.act("explain", "next", "skip")
    assert [question.position for question in reported(room).questions] == [0], "a skipped question has no result"


def test_its_page_tells_nobody_s_name_number_or_seed(room):
    found = reported(taught(room))
    text, opened, view = report.document("", found, "/answers.csv"), room.opened, room.view
    secrets = [
        *VISITORS, *map(hashed, VISITORS), *NAMES, *(who.alias for who in view.participants.values()), room.id,
        hashed("host"), opened.host, opened.room.secret, opened.room.host_hash, opened.room.code,
        *(str(view.room.seed + n) for n in range(1, 9)), *(str(4_000_000 + n) for n in range(1, 9)),
    ]  # fmt: skip
    assert not [secret for secret in secrets if secret in text]
