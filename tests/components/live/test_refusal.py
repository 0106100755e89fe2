"""A visitor reads why a job was refused."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.questions.speed.job import SpeedJob
from backend.questions.speed.sweep import Sweep
from components.session.visitor import COOKIE

OTHER = "b" * 32


def page():
    import streamlit as st

    from backend.experiment import Experiment
    from backend.questions.speed.job import SpeedJob
    from backend.questions.speed.sweep import Sweep
    from components.investigations.page_job import PageJob
    from components.session import page_options

    page_options.synchronise("page")
    job = PageJob(lambda: SpeedJob.on(Experiment(), Sweep()))
    st.button("Start", on_click=job.start)


@pytest.fixture
def jobs(serve):
    """The job manager of a server without workers: one job may wait, and the next is refused."""
    return serve(queue_limit=1).jobs


@pytest.fixture
def app(jobs):
    """The page of a visitor while another visitor's job waits."""
    app = AppTest.from_function(page)
    app.session_state[COOKIE] = "a" * 32
    app.session_state["other"] = jobs.submit(OTHER, "speed", SpeedJob.on(Experiment(), Sweep()))
    return app.run()


def test_a_visitor_is_told_why_a_job_was_refused_and_not_of_one_that_is_accepted(app, jobs):
    app.button[0].click().run()
    assert not app.exception
    (toast,) = app.toast
    assert toast.value.startswith("The queue is full (1 waiting).")
    jobs.cancel(OTHER, app.session_state["other"].id)
    app.button[0].click().run()
    assert not app.toast
