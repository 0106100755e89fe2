"""Which bounds a flood missed. `make flood` runs the flood itself."""

from __future__ import annotations

from benchmarks import strangers
from benchmarks.flood import SCENARIOS, missed


def test_a_missed_bound_is_reported_with_its_figure() -> None:
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


def test_a_missed_bound_beside_strangers_is_reported_with_its_figure() -> None:
    figures = {"errors": 3.0, "/healthz, worst (s)": 0.4, "descriptors after all have left": 60.0}
    assert strangers.missed(strangers.STRANGERS["silent"], figures) == ["errors: 3.00, at most 0.00"]
