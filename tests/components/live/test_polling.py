"""A fragment polls more rarely the further back its job is in the queue, and the longer a draw takes."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.questions.speed.job import SpeedJob
from backend.questions.speed.sweep import Sweep
from components.live import polling
from components.live.polling import poll_interval


def view(state, **changes):
    return JobView("id", "a" * 32, "speed", 0.0, state=state, **changes)


@pytest.fixture
def drawn():
    """Adds draws that have just begun, by how many seconds they took."""
    polling.draws.clear()
    yield lambda *seconds: polling.draws.extend((time.perf_counter(), each) for each in seconds)
    polling.draws.clear()


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


def test_the_interval_is_longer_than_the_slowest_recent_draw(drawn):
    quick = poll_interval(view("running"))
    drawn(*[0.01] * 18)
    assert poll_interval(view("running")) == quick < 1
    drawn(1.5)
    assert poll_interval(view("running")) > 2 * 1.5
    assert poll_interval(view("queued", position=500)) == 5, "this interval is long enough already"


def test_the_further_back_in_the_queue_the_longer_the_interval(drawn):
    intervals = [poll_interval(view("queued", position=place)) for place in (1, 2, 5, 500)]
    assert intervals == sorted(intervals)
    assert intervals[-1] == 5
    assert intervals[0] == poll_interval(view("running"))


@pytest.mark.parametrize("when", ["before the fragment", "in the fragment"])
def test_a_job_that_ends_while_the_page_is_drawn_has_ended_in_every_part(serve, when):
    jobs = serve().jobs
    jobs.submit("a" * 32, "speed", SpeedJob.on(Experiment(), Sweep()))
    app = AppTest.from_function(page_whose_job_ends_while_it_is_drawn)
    app.session_state["job"], app.session_state["when"] = jobs.registry.take(1), when
    app.run()
    assert not app.exception
    assert [text.value for text in app.text] == ["finished", "finished"]
