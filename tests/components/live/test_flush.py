"""What a page drew is with the server's loop before its run ends, however busy that is."""

import asyncio
import time
from contextlib import suppress
from threading import Thread

import pytest

from components.live import flush
from components.live.render_lock import render_lock


@pytest.fixture
def loop(monkeypatch):
    """A server's loop, in a thread of its own."""
    made = asyncio.new_event_loop()
    thread = Thread(target=made.run_forever)
    thread.start()
    monkeypatch.setattr(flush, "_loop", made)
    yield made
    made.call_soon_threadsafe(made.stop)
    thread.join()
    made.close()


def draw(loop, sent):
    with render_lock():
        loop.call_soon_threadsafe(time.sleep, 0.1)
        with render_lock():  # a fragment on the page
            loop.call_soon_threadsafe(sent.append, "clock")
            assert not sent, "it waits neither for its own turn nor for the loop"


def test_a_run_ends_when_all_it_sent_has_arrived(loop):
    sent = []
    draw(loop, sent)
    assert sent == ["clock"]


def test_a_run_that_is_broken_off_waits_for_nothing(loop):
    sent = []
    with suppress(ZeroDivisionError), render_lock():
        draw(loop, sent)
        raise ZeroDivisionError
    assert not sent


def test_nobody_waits_for_ever_for_a_loop_that_is_stuck_or_closed(loop, monkeypatch):
    monkeypatch.setattr(flush, "_PATIENCE", 0.01)
    sent = []
    draw(loop, sent)
    assert not sent
    closed = asyncio.new_event_loop()
    closed.close()
    flush.to(closed)
    flush.wait()
