"""A graceful shutdown: SIGTERM drains the jobs first, and only then ends the server.

By itself the server would close the pages before its jobs end, so nobody would see how their run ended. Ctrl-C and a
second SIGTERM stop at once, even if a slow client has not read its responses.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from backend.jobs import JobManager

log = logging.getLogger(__name__)

#: Seconds in which the page of a running job polls once more, also on a busy machine, and so shows how the job ended.
LAST_POLL = 2.5
#: Seconds that clients have to read responses that are being sent.
_LAST_RESPONSES = 2.0
_STEP = 0.05


@contextmanager
def drain_on_sigterm(
    jobs: JobManager,
    seconds: float,
    poll_within: float = LAST_POLL,
    end_streams: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Make SIGTERM drain `jobs` for at most `seconds` before it reaches the earlier handler, which is uvicorn's.

    The page of a visitor who waits polls at least every `poll_within` seconds. `end_streams` ends responses that
    have no end of their own, for which uvicorn would wait. Enter this on the main thread, in the server's event loop.
    """
    loop = asyncio.get_running_loop()
    server, interrupt = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    draining: list[asyncio.Task[None]] = []

    async def drain_and_end(frame: FrameType | None) -> None:
        try:
            await drain(jobs, seconds, poll_within)
        finally:
            end(signal.SIGTERM, frame)
        await asyncio.sleep(_LAST_RESPONSES)
        end(signal.SIGINT, frame)

    def end(number: int, frame: FrameType | None) -> None:
        """Call uvicorn's handler: SIGTERM waits until every client has read its response, SIGINT does not wait."""
        end_streams()
        if callable(server):
            server(number, frame)

    def begin(frame: FrameType | None) -> None:
        if draining:
            end(signal.SIGTERM, frame)
            end(signal.SIGINT, frame)
        else:
            draining.append(loop.create_task(drain_and_end(frame)))

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(end_streams)
        if callable(interrupt):
            interrupt(number, frame)

    signal.signal(signal.SIGTERM, lambda _, frame: loop.call_soon_threadsafe(begin, frame))
    signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, server)
        signal.signal(signal.SIGINT, interrupt)


async def drain(jobs: JobManager, seconds: float, poll_within: float = LAST_POLL) -> None:
    """Start no more jobs, give running ones `seconds` to end, end the rest, and leave the pages time to show it."""
    log.info("stopping: running jobs have %s s to end", seconds)
    loop = asyncio.get_running_loop()
    began, somebody_waits = loop.time(), jobs.queue_length > 0
    jobs.drain()
    while jobs.running and loop.time() < began + seconds:
        await asyncio.sleep(_STEP)
    await asyncio.to_thread(jobs.stop)
    waited = loop.time() - began
    await asyncio.sleep(max(LAST_POLL, poll_within - waited) if somebody_waits else LAST_POLL)
