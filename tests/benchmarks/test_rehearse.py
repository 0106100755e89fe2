"""A small rehearsal: the phones, the host and the board can play a lesson, and the app has no error."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from backend.lessons import parse
from backend.lessons.playlist import Part
from benchmarks import rehearse
from benchmarks.load import missed
from benchmarks.rehearse import TARGETS, Rehearsal, figures
from tests.builders.playing import LESSON

PARTICIPANTS = 5


@pytest.mark.jobs
@pytest.mark.soak
@pytest.mark.takes("a server with a worker starts, and five participants play a lesson")
def test_five_participants_play_a_lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JOIN_WITHIN", "ANSWER_WITHIN", "IDLE"):
        monkeypatch.setattr(rehearse, name, 0.5)
    (tmp_path / "small.md").write_text(LESSON, encoding="utf-8")
    monkeypatch.setenv("TWOHEADS_LESSONS", str(tmp_path))
    lesson = parse(LESSON)
    measured, found = asyncio.run(rehearse.rehearse([Part(lesson)], PARTICIPANTS, 1))
    assert found.errors == []
    rounds = sum(step.block.ask.rounds for step in lesson.steps)
    assert measured["acknowledged"] == (PARTICIPANTS - len(found.real)) * rounds
    assert len(found.real) == 2
    assert (measured["errors"], measured["lost"], measured["early"]) == (0, 0, 0)
    assert [played.id for played in found.steps] == [step.id for step in lesson.steps]
    assert all(played.go for played in found.steps)
    assert not [line for line in missed(measured, TARGETS) if "not measured" in line]


def test_a_lesson_that_could_not_be_played_is_reported() -> None:
    found = Rehearsal(errors=["the room was not opened"])
    lines = missed(figures(found, 2), TARGETS)
    assert {"errors: 1.00, at most 0.00", "lost: 2.00, at most 0.00", "answer_p95_ms: not measured"} <= {*lines}
