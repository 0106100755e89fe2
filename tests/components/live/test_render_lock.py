"""Pages are drawn one after the other; a fragment does not wait for its own page, and nobody waits for long."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest

from components.live.render_lock import Flush, RenderLock


@pytest.fixture
def render_lock():
    return RenderLock(Flush())


def test_no_two_pages_are_drawn_at_once(render_lock):
    inside, most, lock = [0], [0], Lock()

    def draw(_):
        with render_lock():
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            Event().wait(0.002)
            with lock:
                inside[0] -= 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(draw, range(40)))
    assert most == [1]


def test_a_fragment_does_not_wait_for_its_page_and_an_error_releases_the_lock():
    render_lock = RenderLock(Flush(), patience=60)
    try:
        with render_lock(), render_lock():
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(_drawn, render_lock).result(timeout=10)


def test_a_page_that_waits_too_long_is_drawn_without_the_lock():
    render_lock = RenderLock(Flush(), patience=0.05)
    with ThreadPoolExecutor(1) as threads, render_lock():
        assert threads.submit(_drawn, render_lock).result(timeout=10)


def _drawn(render_lock):
    with render_lock():
        return True
