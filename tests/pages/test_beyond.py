"""Beyond, without a browser: which topology the link names, and what a real worker adds to the page."""

import pytest
from streamlit.testing.v1 import AppTest

from backend import remembered
from backend.jobs import Jobs
from backend.settings import Settings
from backend.topologies import TOPOLOGIES, asked
from components import watch
from tests.pages.helpers import button, until


def page():
    import runpy

    from backend.topologies import TOPOLOGIES
    from components import frame, state

    state.synchronise("beyond", {"topology": state.one_of(*TOPOLOGIES)})
    frame.notices()
    runpy.run_path("pages/beyond.py")


def visit(**query):
    at = AppTest.from_function(page, default_timeout=30)
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception
    return at


def pills(at):
    return next(group for group in at.button_group if group.key == "beyond.topology")


def test_the_first_one_without_a_link_and_the_query_stays_empty():
    at = visit()
    assert at.header[0].value == "1. Mixed heads"
    assert not at.query_params


@pytest.mark.parametrize("key", TOPOLOGIES)
def test_a_link_names_one(key):
    at = visit(topology=key, relatedness="0.5")
    topology = TOPOLOGIES[key]
    assert at.header[0].value == f"{topology.number}. {topology.title}"
    assert any(topology.against in markdown.value for markdown in at.markdown)
    assert not at.warning
    assert [slider.value for slider in at.slider] == ([0.5] if topology.dial else [])


def test_a_link_with_an_unknown_one_is_mended_and_says_so():
    at = visit(topology="no_such")
    assert at.header[0].value == "1. Mixed heads"
    assert "topology" in at.warning[0].value
    assert "Used mixed\\_heads in its place" in at.warning[0].value
    assert not at.query_params


def test_a_choice_is_kept_in_the_link():
    at = visit()
    pills(at).set_value("siamese").run()
    assert at.header[0].value == "3. A shared LSTM"
    assert at.query_params["topology"] == "siamese"
    pills(at).set_value("mixed_heads").run()
    assert not at.query_params


def test_the_dial_is_the_experiments():
    at = visit(topology="separate")
    at.slider[0].set_value(0.25).run()
    assert at.query_params["relatedness"] == "0.25"
    assert at.query_params["topology"] == "separate"


@pytest.fixture
def worker(monkeypatch):
    """One real worker, and memories of their own."""
    jobs = Jobs(Settings(workers=1))
    for module in (remembered, watch):
        monkeypatch.setattr(module, "jobs", jobs)
    monkeypatch.setattr(asked, "_looks", remembered.Remembered("topology_look", 4, urgent=True))
    monkeypatch.setattr(asked, "_runs", remembered.Remembered("topology", 4))
    jobs.start()
    yield jobs
    jobs.stop()


@pytest.mark.jobs
def test_keras_refuses_and_a_run_is_cancelled_then_finished_and_known_to_others(worker):
    at = visit(topology="residual")
    until(at, lambda at: any(code.value.startswith("ValueError: A merge layer") for code in at.code))
    assert any("3,345 parameters" in markdown.value for markdown in at.markdown)
    assert button(at, "Cancel").disabled

    button(at, "Train both").click().run()
    assert button(at, "Train both").disabled
    button(at, "Cancel").click().run()
    until(at, lambda at: not button(at, "Train both").disabled)
    assert "ancelled" in at.info[-1].value

    button(at, "Train both").click().run()
    until(at, lambda at: any("it helps" in markdown.value for markdown in at.markdown))
    assert button(at, "Train both").disabled

    other = visit(topology="residual")
    assert any("it helps" in markdown.value for markdown in other.markdown)
