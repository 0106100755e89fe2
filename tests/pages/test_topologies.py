"""Topologies, without a browser: the link names the topology."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.topologies import TOPOLOGIES


def page():
    import runpy

    from backend.topologies import TOPOLOGIES
    from components.layout import page as frame
    from components.session import page_options, url_sync

    url_sync.synchronise("topologies", {"topology": page_options.one_of(*TOPOLOGIES)})
    frame.notices()
    runpy.run_path("pages/topologies.py")


@pytest.fixture(autouse=True)
def _server(serve):
    """A server without workers."""
    serve()


def visit(**query):
    at = AppTest.from_function(page, default_timeout=30)
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception
    return at


def pills(at):
    return next(group for group in at.button_group if group.key == "topologies.topology")


def test_without_a_link_the_first_topology_is_shown_and_the_query_stays_empty():
    at = visit()
    assert at.header[0].value == "1. Mixed heads"
    assert not at.query_params


@pytest.mark.parametrize("key", TOPOLOGIES)
def test_a_link_names_a_topology(key):
    at = visit(topology=key, relatedness="0.5")
    topology = TOPOLOGIES[key]
    assert at.header[0].value == f"{topology.number}. {topology.title}"
    assert any(topology.baseline_description in markdown.value for markdown in at.markdown)
    assert not at.warning
    assert [slider.value for slider in at.slider] == ([0.5] if topology.has_relatedness else [])


def test_the_page_says_how_likely_a_false_finding_is():
    assert any("the chance of at least one false finding would still be about 40%" in c.value for c in visit().caption)


def test_an_unknown_topology_in_a_link_gets_a_notice_and_the_default():
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


def test_the_relatedness_slider_changes_the_experiment():
    at = visit(topology="separate")
    at.slider[0].set_value(0.25).run()
    assert at.query_params["relatedness"] == "0.25"
    assert at.query_params["topology"] == "separate"
