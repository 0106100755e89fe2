"""The flood's judgement; the flood itself is `make flood`."""

from __future__ import annotations

from benchmarks.flood import SCENARIOS, missed


def test_a_bound_is_missed_in_words() -> None:
    figures = {
        "/healthz, worst (s)": 1.2,
        "another visitor's change, worst (s)": 1.5,
        "last /healthz of the recovery (s)": 0.01,
        "last change of the recovery (s)": 0.04,
        "memory before (MB)": 200.0,
        "memory later (MB)": 260.0,
    }
    assert missed(SCENARIOS["fast"], figures) == [
        "/healthz, worst (s): 1.20, at most 1.00",
        "memory later (MB): 260.00, at most 240.00",
    ]
