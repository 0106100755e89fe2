"""A small crowd of one address fills the queue of a real server, and another visitor's training begins all the same."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from backend.config.settings import Settings
from backend.limits import too_large as refusal
from backend.training.job import TrainJob
from benchmarks.crowd import CROWDS, largest, measure, too_large
from benchmarks.flood import missed
from harness.server import Server
from harness.tab import wait_until_warm


def test_the_largest_training_is_accepted_and_one_of_hours_is_not() -> None:
    settings = Settings(workers=1)
    assert refusal(TrainJob(experiment=largest()), settings) is None
    assert "runs here are stopped after 10 minutes" in (refusal(TrainJob(experiment=too_large()), settings) or "")


@pytest.mark.jobs
@pytest.mark.soak
@pytest.mark.takes("it starts a server with two workers, one of which is killed")
def test_another_visitor_s_training_begins_in_time_beside_a_crowd_with_long_ones(tmp_path: Path) -> None:
    # On a busy machine a worker takes long to start. Behind the long ones it would be more than ten minutes.
    small = replace(CROWDS["crowd"], visitors=4, runs=1, begins_within=120.0, to_the_end=False)

    async def run() -> dict[str, float]:
        await asyncio.to_thread(server.wait_until_healthy)
        await wait_until_warm(server.address)
        return await measure(server, small)

    server = Server(tmp_path / "log", small.workers, {"TWOHEADS_STATE_DIR": str(tmp_path)})
    try:
        figures = asyncio.run(run())
    finally:
        server.stop()
    assert missed(small.bounds, figures) == []
    assert figures["of them, how many read that theirs was interrupted"] >= 1
    assert "Traceback" not in server.log.read_text()
