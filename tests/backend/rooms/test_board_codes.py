"""The code of a board: four letters that open it once, soon, and slowly for whoever guesses."""

from __future__ import annotations

import pytest

from backend.rooms import Refused, Slowed
from backend.rooms.codes import BOARD_CODE_SECONDS
from backend.rooms.lookups import OF_VISITOR
from backend.rooms.tokens import matches, read_board_code
from tests.builders.storage import BOTH


def test_a_code_that_is_too_old_opens_nothing(clock, timed):
    code = timed.rooms.host.new_board_code(timed.id)
    clock.now += BOARD_CODE_SECONDS + 1
    with pytest.raises(Refused, match="No board has this code"):
        timed.rooms.open_board(code, "projector", "192.0.2.1")


def test_whoever_tries_many_codes_waits_also_with_a_right_one(room):
    code = room.rooms.host.new_board_code(room.id)
    for _ in range(OF_VISITOR.free):
        with pytest.raises(Refused, match="No board has this code"):
            room.rooms.open_board("ZZZZ" if code != "ZZZZ" else "YYYY", "stranger", "192.0.2.1")
    with pytest.raises(Slowed):
        room.rooms.open_board(code, "stranger", "192.0.2.1")


@BOTH
def test_the_latest_code_opens_the_board_once(room, other):
    former, code = (room.rooms.host.new_board_code(room.id) for _ in range(2))
    assert read_board_code(f" {code.lower()[:2]} {code[2:]}") == code
    with pytest.raises(Refused):
        other.rooms.open_board(former, "projector", "192.0.2.1")
    id, token = other.rooms.open_board(code, "projector", "192.0.2.1")
    assert id == room.id
    assert matches(token, other.view.room.board_hash)
    with pytest.raises(Refused, match="No board has this code"):
        room.rooms.open_board(code, "projector", "192.0.2.1")
