"""Which targets a load test missed. `make load` runs the load test itself."""

from __future__ import annotations

from benchmarks.load import missed


def test_a_missed_target_is_reported_with_its_figure() -> None:
    figures = {"errors": 1.0, "untold": 0.0, "first_load_p95_ms": 20.0, "poll_p95_ms": 700.0, "rss_during_mb": 300.0}
    figures |= {"bytes_files": 2_000_000.0}
    figures |= {"bytes_first_load": 30_000.0, "bytes_settings_change": 20_000.0, "bytes_poll": 3_000.0}
    assert missed(figures | {"rss_after_over_before": 1.0}) == [
        "errors: 1.00, at most 0.00",
        "settings_change_p95_ms: not measured",
        "poll_p95_ms: 700.00, at most 500.00",
    ]
