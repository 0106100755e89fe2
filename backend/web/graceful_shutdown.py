"""A stop that loses as little as it can: SIGTERM drains the jobs first, and only then ends the server.

The server's own way closes the pages before its jobs end, so nobody would see the end of a run or read why there is
none. Ctrl-C, and a second SIGTERM, stop at once, whatever a slow client has not read yet.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from backend.jobs import JobManager

log = logging.getLogger(__name__)

#: Seconds in which the page of a job that ran looks at it once more, and so shows what came of it.
LAST_LOOK = 1.0
#: Seconds that answers which are under way have to be read to their end.
_LAST_ANSWERS = 2.0
_STEP = 0.05


@contextmanager
def drain_on_sigterm(jobs: JobManager, seconds: float, look_within: float = LAST_LOOK) -> Iterator[None]:
    """Have SIGTERM drain `jobs` for at most `seconds` before it reaches the handler that was there, uvicorn's.

    The page of one who waits looks at least every `look_within` seconds. To be entered on the main thread, in the
    server's event loop.
    """
    loop = asyncio.get_running_loop()
    server = signal.getsignal(signal.SIGTERM)
    draining: list[asyncio.Task[None]] = []

    async def drain_and_end(frame: FrameType | None) -> None:
        try:
            await drain(jobs, seconds, look_within)
        finally:
            end(signal.SIGTERM, frame)
        await asyncio.sleep(_LAST_ANSWERS)
        end(signal.SIGINT, frame)

    def end(number: int, frame: FrameType | None) -> None:
        """After SIGTERM, uvicorn waits for every client to read what it asked for; after SIGINT for none."""
        if callable(server):
            server(number, frame)

    def begin(frame: FrameType | None) -> None:
        if draining:
            end(signal.SIGTERM, frame)
            end(signal.SIGINT, frame)
        else:
            draining.append(loop.create_task(drain_and_end(frame)))

    signal.signal(signal.SIGTERM, lambda _, frame: loop.call_soon_threadsafe(begin, frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, server)


async def drain(jobs: JobManager, seconds: float, look_within: float = LAST_LOOK) -> None:
    """No new job begins, running ones have `seconds` to end, and then every job's visitor is told."""
    log.info("stopping: running jobs have %s s to end", seconds)
    loop = asyncio.get_running_loop()
    began, somebody_waits = loop.time(), jobs.queue_length > 0
    jobs.drain()
    while jobs.running and loop.time() < began + seconds:
        await asyncio.sleep(_STEP)
    await asyncio.to_thread(jobs.stop)
    waited = loop.time() - began
    await asyncio.sleep(max(LAST_LOOK, look_within - waited) if somebody_waits else LAST_LOOK)
