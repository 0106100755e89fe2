"""A worker's end is no error in its log."""

from __future__ import annotations

import asyncio
import logging

import pytest
from distributed import Scheduler, Worker

from backend.worker.preload import silence_errors_of_closing


async def _close_in_mid_heartbeat(*, quiet: bool) -> None:
    arrived = asyncio.Event()

    async def never_answer(**_: object) -> None:
        arrived.set()
        await asyncio.Event().wait()

    async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:
        async with Worker(scheduler.address, host="127.0.0.1", dashboard=False, heartbeat_interval="1h") as worker:
            if quiet:
                silence_errors_of_closing(worker)
            scheduler.handlers["heartbeat_worker"] = never_answer
            beat = asyncio.create_task(worker.heartbeat())
            await arrived.wait()
        await beat


@pytest.mark.parametrize("quiet", [False, True])
def test_a_heartbeat_that_fails_while_the_worker_closes_is_not_logged(quiet, caplog):
    logger = logging.getLogger("distributed.worker")
    filters = logger.filters.copy()
    caplog.set_level(logging.ERROR, "distributed.worker")
    try:
        asyncio.run(_close_in_mid_heartbeat(quiet=quiet))
    finally:
        logger.filters = filters
    said = [record.message for record in caplog.records if record.name == "distributed.worker"]
    assert bool(said) is not quiet, "Dask complains; else the filter is no longer needed"
