"""The embedded cluster by itself."""

from __future__ import annotations

import asyncio

import pytest

from backend.jobs.cluster import connect, embedded
from backend.settings import Settings

pytestmark = pytest.mark.jobs


def test_a_nanny_that_gave_up_is_replaced() -> None:
    async def scenario() -> None:
        async with embedded(Settings(workers=1)) as cluster:
            (nanny,) = cluster.workers.values()
            await nanny.close()
            # Watched from inside: an idle connection to the scheduler may be stale by now (seen on Python 3.13).
            async with asyncio.timeout(90):
                while list(cluster.workers.values()) in ([], [nanny]) or not cluster.scheduler.workers:
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
