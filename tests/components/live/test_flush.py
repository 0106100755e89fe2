"""A script run ends only after the event loop has flushed its messages, however busy the loop is."""

import asyncio
from contextlib import suppress
from threading import Event, Thread

import pytest

from components.live.render_lock import Flush, RenderLock


@pytest.fixture
def loop():
    """A server's event loop, in a thread of its own."""
    made = asyncio.new_event_loop()
    thread = Thread(target=made.run_forever)
    thread.start()
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join()
    made.close()


@pytest.fixture
def busy(loop):
    """What the loop waits for before it does anything else."""
    over = Event()
    loop.call_soon_threadsafe(over.wait)
    yield over
    over.set()


def test_a_run_ends_when_all_its_messages_are_flushed(loop, busy):
    sent = []
    loop.call_soon_threadsafe(sent.append, "timer")
    with RenderLock(Flush(loop, patience=60))():
        assert not sent
        busy.set()
    assert sent == ["timer"]


def test_a_fragment_on_a_page_waits_neither_for_the_lock_nor_for_the_loop(loop, busy):
    sent, render_lock = [], RenderLock(Flush(loop, patience=60))
    with suppress(ZeroDivisionError), render_lock():
        with render_lock():
            loop.call_soon_threadsafe(sent.append, "timer")
        assert not sent
        raise ZeroDivisionError
    assert not sent, "a run that raises does not wait for the flush"


def test_a_blocked_loop_is_waited_for_no_longer_than_the_patience(loop, busy):
    sent = []
    loop.call_soon_threadsafe(sent.append, "timer")
    with RenderLock(Flush(loop, patience=0.01))():
        pass
    assert not sent
