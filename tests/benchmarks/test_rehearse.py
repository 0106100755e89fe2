"""A rehearsal that could not be played. `make rehearse` runs the rehearsal itself."""

from __future__ import annotations

from benchmarks.load import missed
from benchmarks.rehearse import TARGETS, Rehearsal, figures


def test_a_lesson_that_could_not_be_played_is_reported() -> None:
    found = Rehearsal(errors=["the room was not opened"])
    lines = missed(figures(found, 2), TARGETS)
    assert {"errors: 1.00, at most 0.00", "lost: 2.00, at most 0.00", "answer_p95_ms: not measured"} <= {*lines}
