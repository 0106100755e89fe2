"""Pages are drawn one after the other; a fragment on a page does not wait for its page, nor anybody for long."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

from components.live import render_lock as turns
from components.live.render_lock import render_lock


def test_no_two_are_drawn_at_once():
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


def test_a_fragment_on_its_page_waits_for_nobody_and_a_fault_gives_the_turn_back():
    try:
        with render_lock(), render_lock():
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(lambda: _drawn()).result(timeout=1)


def test_who_waits_too_long_is_drawn_beside(monkeypatch):
    monkeypatch.setattr(turns, "_PATIENCE", 0.05)
    with ThreadPoolExecutor(1) as threads, render_lock():
        assert threads.submit(_drawn).result(timeout=10)


def _drawn():
    with render_lock():
        return True
