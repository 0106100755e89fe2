"""A script run ends only after the event loop has flushed its messages, however busy the loop is."""

import asyncio
import time
from contextlib import suppress
from threading import Thread

import pytest

from components.live.flush import Flush
from components.live.render_lock import RenderLock


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


def draw(render_lock, loop, sent):
    """Draw a page with a fragment on it, while the loop is busy for 0.1 s."""
    with render_lock():
        loop.call_soon_threadsafe(time.sleep, 0.1)
        with render_lock():  # a fragment on the page
            loop.call_soon_threadsafe(sent.append, "timer")
            assert not sent, "the fragment waits neither for the lock nor for the loop"


def test_a_run_ends_when_all_its_messages_are_flushed(loop):
    sent = []
    draw(RenderLock(Flush(loop)), loop, sent)
    assert sent == ["timer"]


def test_a_run_that_raises_does_not_wait_for_the_flush(loop):
    sent, render_lock = [], RenderLock(Flush(loop))
    with suppress(ZeroDivisionError), render_lock():
        draw(render_lock, loop, sent)
        raise ZeroDivisionError
    assert not sent


def test_a_blocked_loop_is_waited_for_no_longer_than_the_patience(loop):
    sent = []
    draw(RenderLock(Flush(loop, patience=0.01)), loop, sent)
    assert not sent


def test_a_closed_or_missing_loop_is_not_waited_for():
    closed = asyncio.new_event_loop()
    closed.close()
    Flush(closed).wait()
    Flush().wait()
