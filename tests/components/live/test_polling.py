"""A watched job: whose it is, found again after a refresh, and how often it is looked at."""

import time
from collections import deque

import pytest
from streamlit.testing.v1 import AppTest

from backend.jobs import JobView
from components.live import polling
from components.session.visitor import COOKIE

ADA, BOB = "a" * 32, "b" * 32


def page():
    import streamlit as st

    from components.live import polling

    seen = polling.Watch("speed")

    def draw():
        st.button("Start", on_click=lambda: seen.start({"n": 1}))
        st.button("Cancel", on_click=seen.cancel)
        job = seen.job()
        st.session_state["now"] = job.view() if job else None

    polling.poll_while(draw, seen.pending)


@pytest.fixture
def jobs(serve):
    """Real jobs of a server whose workers are not there yet: what is submitted waits."""
    return serve().jobs


def tab(visitor):
    app = AppTest.from_function(page)
    app.session_state[COOKIE] = visitor
    return app.run()


def click(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app.session_state["now"]


def test_a_refresh_or_another_tab_finds_it_and_may_cancel_it(jobs):
    assert tab(ADA).session_state["now"] is None
    first = click(tab(ADA), "Start")
    again = tab(ADA)
    assert again.session_state["now"].id == first.id
    assert click(again, "Cancel").state == "cancelled"


def test_nobody_else_sees_or_cancels_it(jobs):
    click(tab(ADA), "Start")
    other = tab(BOB)
    assert other.session_state["now"] is None
    assert click(other, "Cancel") is None
    assert not jobs.latest(ADA, "speed").ended


def test_while_one_goes_on_a_second_click_starts_no_other_in_any_tab(jobs):
    here = tab(ADA)
    mine = click(here, "Start")
    assert click(here, "Start").id == mine.id
    assert click(tab(ADA), "Start").id == mine.id
    assert jobs.queue_length == 1


def test_a_tab_keeps_its_own_while_another_starts_one(jobs):
    here = tab(ADA)
    mine = click(here, "Start")
    jobs.registry.end(jobs.registry.take(), "finished")
    theirs = click(tab(ADA), "Start")
    here.run()
    assert here.session_state["now"].id == mine.id != theirs.id


def test_a_tab_keeps_its_own_when_the_server_has_forgotten_it(jobs):
    here = tab(ADA)
    mine = click(here, "Start")
    jobs.registry.end(job := jobs.registry.take(), "finished", result="measured")
    jobs.forget(job)
    here.run()
    assert here.session_state["now"].id == mine.id
    assert here.session_state["now"].result == "measured"


def view(state, **changes):
    return JobView("id", ADA, "speed", 0.0, state=state, **changes)


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """How long the server's last looks took; none yet."""
    monkeypatch.setattr(polling, "_drawn", deque(maxlen=20))
    return polling._drawn


def test_a_slow_server_is_looked_at_less_often_than_it_can_draw(drawn):
    quick, now = polling.poll_interval(view("running")), time.perf_counter()
    drawn.extend([(now, 0.01)] * 19)
    assert polling.poll_interval(view("running")) == quick
    drawn.append((now, 1.5))
    assert polling.poll_interval(view("running")) > 2 * 1.5
    assert polling.poll_interval(view("queued", position=500)) == 5, "slow enough already"
    drawn.extend([(now, 0.01)] * 20)
    assert polling.poll_interval(view("running")) == quick, "what was slow once is forgotten"
    drawn.append((now - 60, 1.5))
    assert polling.poll_interval(view("running")) == quick, "what was slow a minute ago too"


def test_a_look_is_timed(jobs, drawn):
    tab(ADA)
    assert len(drawn) == 1
    began, seconds = drawn[0]
    assert 0 < seconds < time.perf_counter() - began


def test_the_further_back_in_the_queue_the_rarer_the_look():
    paces = [polling.poll_interval(view("queued", position=place)) for place in (1, 2, 5, 500)]
    assert paces == sorted(paces)
    assert paces[-1] == 5
    assert polling.poll_interval(view("running")) == paces[0] < 1


def test_a_waiting_job_says_why_it_waits(jobs):
    assert polling.waiting(view("queued", position=3)).startswith("The workers are warming up")
