"""A refusal stays on the page long enough to be read, and no longer than it is true."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.questions.speed.job import SpeedJob
from backend.questions.speed.sweep import Sweep
from components.live.refusal import READING_TIME
from components.session.visitor import COOKIE

OTHER = "b" * 32


def page():
    import streamlit as st

    from backend.experiment import Experiment
    from backend.questions.speed.job import SpeedJob
    from backend.questions.speed.sweep import Sweep
    from components.investigations.page_job import PageJob
    from components.live import refusal
    from components.session import page_options

    page_options.synchronise("page")
    job = PageJob(lambda: SpeedJob.on(Experiment(), Sweep()))
    st.button("Start", on_click=job.start)
    refusal.show(st.session_state.get("kind", "speed"))


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


def start(app):
    return shown(app.button[0].click().run())


def shown(app):
    assert not app.exception
    return [box.value for box in app.warning]


def test_a_redrawn_page_still_says_why_a_job_was_refused_until_it_could_be_read(app, monkeypatch):
    (sentence,) = start(app)
    assert sentence.startswith("The queue is full (1 waiting).")
    assert shown(app.run()) == [sentence]
    later = time.time() + READING_TIME
    monkeypatch.setattr(time, "time", lambda: later)
    assert shown(app.run()) == []


def test_an_accepted_job_removes_the_refusal(app, jobs):
    assert start(app)
    jobs.cancel(OTHER, app.session_state["other"].id)
    assert start(app) == []
