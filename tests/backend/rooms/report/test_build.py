"""The report of a room: what was revealed of it, and nobody's name unless the host allows it."""

from __future__ import annotations

import csv
import io
import json

import pytest

from backend.database.visitors import hashed
from backend.rooms import Refused, export
from backend.rooms.model import FEWEST
from backend.rooms.report.figures import figures
from backend.rooms.report.model import pack, unpack
from backend.rooms.report.table import table
from tests.builders.lessons import LESSON
from tests.builders.reports import NAMES, VISITORS, reported, taught


def test_there_is_no_report_before_a_result_is_revealed(room):
    room.join("ada")
    with pytest.raises(Refused, match="once the result of a question is revealed"):
        reported(room)
    room.act("begin", "freeze")
    with pytest.raises(Refused):
        reported(room)


def test_a_report_has_what_was_revealed(room):
    found = reported(taught(room))
    assert [question.id for question in found.questions] == ["sum"]
    assert (found.people, found.count, found.title) == (7, 2, LESSON.title)
    (question,) = found.questions
    numbers = figures(question)
    assert numbers.answered == (7, 6)
    assert (numbers.gain, numbers.confidence[0].certain_wrong) == (1.0, 4)
    kinds = [part.picture.kind if part.picture else None for part in question.parts]
    assert kinds == ["votes", "runs", "axis"]
    assert (question.right, question.why) == (1, LESSON.steps[0].why)
    room.act("explain", "next", "skip")
    assert [question.id for question in reported(room).questions] == ["sum"], "a skipped question has no result"


def secrets_of(room):
    opened, view = room.opened, room.view
    return [
        *VISITORS, *map(hashed, VISITORS), *NAMES, *(who.alias for who in view.participants.values()), room.id,
        hashed("host"), opened.host, opened.board, opened.room.secret, opened.room.host_hash, opened.room.code,
        *(str(view.room.seed + n) for n in range(1, 9)), *(str(4_000_000 + n) for n in range(1, 9)),
    ]  # fmt: skip


def test_a_report_without_names_tells_nobody_s_name_number_or_seed(room):
    found = reported(taught(room))
    text = found.model_dump_json() + table(found)
    for secret in secrets_of(room):
        assert secret not in text
    rows = list(csv.DictReader(io.StringIO(table(found))))
    assert not {"alias", "seed"} & rows[0].keys()
    data = json.loads(found.model_dump_json())["questions"][0]["parts"][1]["picture"]["data"]
    assert (data["numbers"], data["id"], data["play"]) == ([], "", False)


def test_numbers_are_other_ones_in_each_report_and_the_same_within_it(room):
    taught(room)
    given = sorted((n % 3, 1 if n <= 6 else -1) for n in range(1, 8))
    orders = set()
    for _ in range(20):
        first, second = ({each.number: each.option for each in round} for round in reported(room).questions[0].rounds)
        assert sorted(first) == list(range(1, 8))
        assert sorted((option, second.get(number, -1)) for number, option in first.items()) == given
        orders.add(tuple(first[n] for n in sorted(first)))
    assert len(orders) > 1


def test_a_report_with_names_has_the_csv_of_the_room(room):
    found = reported(taught(room), names=True)
    assert table(found) == export.table(room.view, room.rooms.host.openings(room.id))
    assert NAMES[0] in table(found)
    assert NAMES[7] not in found.model_dump_json(), "a removed participant has no answers"


def test_few_answers_are_left_out_where_they_could_name_a_person(room):
    room.asked(*[2] * (FEWEST - 1))
    room.act("freeze", "reveal")
    unnamed, named = (table(reported(room, names=names), {"sum": [FEWEST - 1, 0, 0]}) for names in (False, True))
    assert len(unnamed.splitlines()) == 1
    assert [row["round"] for row in csv.DictReader(io.StringIO(named))] == ["1"] * (FEWEST - 1)


def test_a_stored_report_is_the_same_again(room):
    found = reported(taught(room))
    assert unpack(pack(found)).model_dump_json() == found.model_dump_json()
    with pytest.raises(ValueError, match="validation error"):
        unpack(pack(found.model_copy(update={"count": 0})))
    with pytest.raises(ValueError, match="damaged"):
        unpack(pack(found)[:-9])
