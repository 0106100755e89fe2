"""A small load test: the load generator can use the app, and the app has no error."""

from __future__ import annotations

import asyncio

import pytest

from benchmarks import load, visitors
from benchmarks.load import measure, missed

pytestmark = pytest.mark.jobs


@pytest.mark.soak
@pytest.mark.takes("a server with a worker starts and three experiments are trained: 33 s on two busy cores")
def test_three_visitors_see_their_runs_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "TRIM_SECONDS", 0)  # this test reads no memory
    monkeypatch.setattr(load, "WORKERS", 1)
    monkeypatch.setattr(visitors, "THINK", 0.1)
    figures, room = asyncio.run(measure(visitors=3, seconds=1, warm_up=0, session_kept=1))
    assert room.errors == []
    assert room.outcomes == {"finished": 3}
    assert (figures["errors"], figures["untold"], figures["jobs_finished"]) == (0, 0, 3)
    assert figures["settings_changes"] > 0
    bytes_ = ("bytes_files", "bytes_first_load", "bytes_settings_change")
    assert not [words for words in missed(figures) if words.startswith(bytes_)]
    assert figures["bytes_files"] > 1_000_000, "the files are counted"
    assert figures["bytes_poll"] < 10_000, (
        "about half as much under load, where most visitors who poll wait for a worker"
    )


def test_a_missed_target_is_reported_with_its_figure() -> None:
    figures = {"errors": 1.0, "untold": 0.0, "first_load_p95_ms": 20.0, "poll_p95_ms": 700.0, "rss_during_mb": 300.0}
    figures |= {"bytes_files": 2_000_000.0}
    figures |= {"bytes_first_load": 30_000.0, "bytes_settings_change": 20_000.0, "bytes_poll": 3_000.0}
    assert missed(figures | {"rss_after_over_before": 1.0}) == [
        "errors: 1.00, at most 0.00",
        "settings_change_p95_ms: not measured",
        "poll_p95_ms: 700.00, at most 500.00",
    ]
