"""Which bounds a flood missed. `make flood` runs the flood itself."""

from __future__ import annotations

from benchmarks.flood import SCENARIOS, as_on_the_machine_of_the_targets, missed


def test_a_missed_bound_is_reported_with_its_figure() -> None:
    figures = {
        "/healthz, worst (s)": 1.2,
        "another visitor's change, worst (s)": 1.5,
        "last /healthz of the recovery (s)": 0.01,
        "last change of the recovery (s)": 0.04,
        "memory kept (MB)": 60.0,
    }
    assert missed(SCENARIOS["fast"].bounds, figures) == [
        "/healthz, worst (s): 1.20, at most 1.00",
        "memory kept (MB): 60.00, at most 40.00",
    ]


def test_only_times_depend_on_how_slow_the_machine_is() -> None:
    figures = {"/healthz, worst (s)": 1.2, "memory kept (MB)": 60.0}
    assert as_on_the_machine_of_the_targets(figures, 1.2) == {"/healthz, worst (s)": 1.0, "memory kept (MB)": 60.0}
