"""What the tests of jobs share."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from backend.jobs import Jobs

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ["count", "deaf", "crash", "fail", "refuse", "allocate", "grow", "trace"]
KINDS = {name: f"tests.backend.jobs.samples:{name}" for name in SAMPLES}


def until(condition: Callable[[], bool], seconds: float = 90) -> None:
    """Wait for `condition`, which must come true long before `seconds` have passed."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def all_warm(jobs: Jobs) -> bool:
    return sum(worker.warm for worker in jobs.workers()) == 2
