"""A fragment polls more rarely the further back its job is in the queue, and the longer a draw takes."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.speed.job import SpeedJob
from backend.speed.sweep import Sweep
from components.live.draw_times import DrawTimes
from components.live.polling import draw_times, poll_interval, running_poll


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


def page_whose_job_ends_while_it_is_drawn():
    import streamlit as st

    from backend.services import services
    from components.live.polling import Watch, first_unfinished

    kept = st.session_state
    job = kept["job"]
    watch = Watch(lambda: first_unfinished([job]), others=lambda: job.state)
    st.text(job.state)

    def end(when):
        if kept["when"] == when and not job.ended:
            services().jobs.registry.end(job, "finished")

    def draw():
        end("in the fragment")
        st.text(job.state)

    end("before the fragment")
    watch.draw(draw)


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


def test_the_longest_interval_counts_for_ten_seconds():
    now, made = time.perf_counter(), times()
    made.add(now - 60, 0.1, 4.0)
    assert made.longest_interval() == 0
    for interval in (0.6, 2.0, 0.6):
        made.add(now, 0.1, interval)
    assert made.longest_interval() == 2


def test_a_server_that_stops_waits_for_the_slowest_page():
    def page():
        import streamlit as st

        from backend.jobs import JobView
        from components.live.polling import poll_while

        waiting = JobView("id", "a" * 32, "speed", 0.0, state="queued", position=500)
        poll_while(lambda: st.text("drawn"), lambda: waiting)

    assert AppTest.from_function(page).run().text
    assert running_poll() >= 5


def test_each_draw_is_timed():
    started = time.perf_counter()
    app = AppTest.from_function(page).run()
    assert app.text[0].value == "drawn"
    began, seconds = draw_times.last()
    assert started < began
    assert 0 < seconds < time.perf_counter() - began


@pytest.mark.parametrize("when", ["before the fragment", "in the fragment"])
def test_a_job_that_ends_while_the_page_is_drawn_has_ended_in_every_part(serve, when):
    jobs = serve().jobs
    jobs.submit("a" * 32, "speed", SpeedJob(experiment=Experiment(), sweep=Sweep()))
    app = AppTest.from_function(page_whose_job_ends_while_it_is_drawn)
    app.session_state["job"], app.session_state["when"] = jobs.registry.take(), when
    app.run()
    assert not app.exception
    assert [text.value for text in app.text] == ["finished", "finished"]
