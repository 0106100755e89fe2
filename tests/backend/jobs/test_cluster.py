"""The embedded cluster by itself."""

from __future__ import annotations

import asyncio

import pytest
from distributed import Client

from backend.jobs.cluster import connect, embedded
from backend.settings import Settings

pytestmark = pytest.mark.jobs


def test_a_nanny_that_gave_up_is_replaced() -> None:
    async def scenario() -> None:
        async with embedded(Settings(workers=1)) as cluster:
            (nanny,) = cluster.workers.values()
            await nanny.close()
            async with Client(cluster, asynchronous=True, set_as_default=False) as client:
                assert await client.nthreads() == {}
                await client.wait_for_workers(1, timeout=90)
            while not cluster.workers:  # it is listed here a moment after the scheduler knows it
                await asyncio.sleep(0.05)
            (other,) = cluster.workers.values()
            assert other is not nanny

    asyncio.run(scenario())


def test_no_scheduler_is_an_oserror() -> None:
    async def scenario() -> None:
        async with connect(Settings(scheduler="tcp://127.0.0.1:9")):
            pass

    with pytest.raises(OSError, match="Timed out"):
        asyncio.run(scenario())
