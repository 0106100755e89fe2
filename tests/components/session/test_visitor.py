"""A visitor is a cookie, or the session where there is none."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.training.job import TrainJob
from components.session import visitor


def page():
    import streamlit as st

    from components.session.visitor import visitor

    st.text(visitor())


@pytest.fixture(autouse=True)
def server(serve):
    return serve()


def test_the_network_of_a_visitor_decides_whose_turns_their_jobs_share(server, monkeypatch):
    jobs = []
    for letter, address in (("a", "2001:db8::1"), ("b", "2001:db8::2"), ("c", "192.0.2.1"), ("d", None)):
        assert believed(monkeypatch, letter * 32, address)
        jobs.append(server.jobs.submit(letter * 32, "train", TrainJob(experiment=Experiment())))
    assert [job.network for job in jobs] == ["2001:db8::/64", "2001:db8::/64", "192.0.2.1", "127.0.0.1"]


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [("x" * 32, True), ("short", False), ("x" * 31, False), ("x" * 33, False), ("a b!" * 8, False)],
)
def test_a_malformed_cookie_is_ignored(monkeypatch, cookie, expected):
    assert believed(monkeypatch, cookie) == expected


def believed(monkeypatch, cookie, address=None):
    class Context:
        cookies = {visitor.COOKIE: cookie}  # noqa: RUF012
        ip_address = address

    monkeypatch.setattr(visitor.st, "context", Context)
    return AppTest.from_function(page).run().text[0].value == cookie
