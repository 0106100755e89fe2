"""A fragment polls more rarely the further back its job is in the queue, and the longer a draw takes."""

import time

from streamlit.testing.v1 import AppTest

from backend.jobs import JobView
from components.live.draw_times import DrawTimes
from components.live.polling import draw_times, poll_interval


def page():
    import streamlit as st

    from components.live.polling import poll_while

    poll_while(lambda: st.text("drawn"), lambda: None)


def view(state, **changes):
    return JobView("id", "a" * 32, "speed", 0.0, state=state, **changes)


def times(*draws):
    """Draws that have just begun, by how many seconds they took."""
    made = DrawTimes()
    for seconds in draws:
        made.add(time.perf_counter(), seconds)
    return made


QUICK = poll_interval(view("running"), times())


def test_the_interval_is_longer_than_the_slowest_recent_draw():
    assert poll_interval(view("running"), times(*[0.01] * 19)) == QUICK
    assert poll_interval(view("running"), times(*[0.01] * 19, 1.5)) > 2 * 1.5
    assert poll_interval(view("queued", position=500), times(1.5)) == 5, "this interval is long enough already"


def test_a_slow_draw_stops_counting_after_twenty_quick_ones_or_ten_seconds():
    assert poll_interval(view("running"), times(1.5, *[0.01] * 20)) == QUICK
    old = times()
    old.add(time.perf_counter() - 60, 1.5)
    assert poll_interval(view("running"), old) == QUICK


def test_the_further_back_in_the_queue_the_longer_the_interval():
    intervals = [poll_interval(view("queued", position=place), times()) for place in (1, 2, 5, 500)]
    assert intervals == sorted(intervals)
    assert intervals[-1] == 5
    assert QUICK == intervals[0] < 1


def test_each_draw_is_timed():
    started = time.perf_counter()
    app = AppTest.from_function(page).run()
    assert app.text[0].value == "drawn"
    began, seconds = draw_times.last()
    assert started < began
    assert 0 < seconds < time.perf_counter() - began
