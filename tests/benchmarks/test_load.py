"""A small room: whether the load generator still speaks the app's language, and the app answers it without an error."""

from __future__ import annotations

import asyncio

import pytest

from benchmarks import load
from benchmarks.load import measure, missed

pytestmark = pytest.mark.jobs


def test_three_visitors_all_see_their_run_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "TIDY_SECONDS", 0)  # memory is not what is tried
    figures, room = asyncio.run(measure(visitors=3, seconds=1, warm_up=1))
    assert room.errors == []
    assert room.outcomes == {"finished": 3}
    assert (figures["errors"], figures["untold"], figures["jobs_finished"]) == (0, 0, 3)
    assert figures["settings_changes"] > 0
    assert figures["bytes_poll"] < figures["bytes_first_load"]


def test_a_target_is_missed_in_words() -> None:
    figures = {"errors": 1.0, "untold": 0.0, "first_load_p95_ms": 20.0, "poll_p95_ms": 700.0, "rss_during_mb": 300.0}
    assert missed(figures | {"rss_after_over_before": 1.0}) == [
        "errors: 1.00, at most 0.00",
        "settings_change_p95_ms: not measured",
        "poll_p95_ms: 700.00, at most 500.00",
    ]
