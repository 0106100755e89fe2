"""A visitor's own job: found again after a refresh, kept by its page, and hidden from other visitors."""

import pytest
from streamlit.testing.v1 import AppTest

from components.session.visitor import COOKIE

ADA, BOB = "a" * 32, "b" * 32


def page():
    import streamlit as st

    from backend.experiment import Experiment
    from backend.speed.job import SpeedJob
    from backend.speed.sweep import Sweep
    from components.live.polling import poll_while
    from components.live.visitor_job import VisitorJob

    own = VisitorJob("speed")
    job_of_speed = SpeedJob(experiment=Experiment(), sweep=Sweep())

    def draw():
        st.button("Start", on_click=lambda: own.start(job_of_speed))
        st.button("Cancel", on_click=own.cancel)
        job = own.job()
        st.session_state["now"] = job.view() if job else None

    poll_while(draw, own.pending)


@pytest.fixture
def jobs(serve):
    """The job manager of a server without workers: submitted jobs wait."""
    return serve().jobs


def tab(visitor):
    app = AppTest.from_function(page)
    app.session_state[COOKIE] = visitor
    return app.run()


def click(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app.session_state["now"]


def test_a_refresh_or_another_tab_finds_the_job_and_can_cancel_it(jobs):
    assert tab(ADA).session_state["now"] is None
    first = click(tab(ADA), "Start")
    again = tab(ADA)
    assert again.session_state["now"].id == first.id
    assert click(again, "Cancel").state == "cancelled"


def test_no_other_visitor_sees_or_cancels_the_job(jobs):
    click(tab(ADA), "Start")
    other = tab(BOB)
    assert other.session_state["now"] is None
    assert click(other, "Cancel") is None
    assert not jobs.latest(ADA, "speed").ended


def test_while_a_job_is_unfinished_no_tab_can_start_a_second_one(jobs):
    here = tab(ADA)
    mine = click(here, "Start")
    assert click(here, "Start").id == mine.id
    assert click(tab(ADA), "Start").id == mine.id
    assert jobs.queue_length == 1


def test_a_tab_keeps_its_own_job_when_another_tab_starts_one(jobs):
    here = tab(ADA)
    mine = click(here, "Start")
    jobs.registry.end(jobs.registry.take(), "finished")
    theirs = click(tab(ADA), "Start")
    here.run()
    assert here.session_state["now"].id == mine.id != theirs.id


def test_a_tab_keeps_its_own_job_when_the_server_evicts_it(jobs):
    here = tab(ADA)
    mine = click(here, "Start")
    jobs.registry.end(job := jobs.registry.take(), "finished", result="measured")
    jobs.evict(job)
    here.run()
    assert here.session_state["now"].id == mine.id
    assert here.session_state["now"].result == "measured"
