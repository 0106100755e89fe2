"""Topologies, without a browser: the link names the topology."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.topologies import TOPOLOGIES
from backend.topologies.job import Scores, TopologyJob, TopologyResult
from tests.builders.pages import drawn


def page():
    import runpy

    from backend.topologies import TOPOLOGIES
    from components.layout import page as frame
    from components.session import page_options, url_sync

    url_sync.synchronise("topologies", {"topology": page_options.one_of(*TOPOLOGIES)})
    frame.notices()
    runpy.run_path("pages/topologies.py")


@pytest.fixture(autouse=True)
def server(serve):
    """A server without workers; a test acts as the worker."""
    return serve()


def visit(**query):
    at = AppTest.from_function(page)
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception
    return at


def gallery(at):
    """The topologies that the visitor may choose, by key, and the chosen ones."""
    (data,) = drawn(at, "gallery")
    return {item["key"]: item["title"] for item in data["items"]}, data["chosen"]


def test_without_a_link_the_first_topology_is_shown_and_the_query_stays_empty():
    at = visit()
    assert at.main.header[0].value == "1. Mixed heads"
    assert not at.query_params


@pytest.mark.parametrize("key", TOPOLOGIES)
def test_a_link_names_a_topology(key):
    at = visit(topology=key, relatedness="0.5")
    topology = TOPOLOGIES[key]
    assert at.main.header[0].value == f"{topology.number}. {topology.title}"
    assert any(topology.baseline_description in markdown.value for markdown in at.markdown)
    assert not at.warning
    assert [slider.value for slider in at.select_slider] == ([0.5] if topology.has_relatedness else [])


def test_an_unknown_topology_in_a_link_gets_a_notice_and_the_default():
    at = visit(topology="no_such")
    assert at.main.header[0].value == "1. Mixed heads"
    assert "topology" in at.warning[0].value
    assert "Used mixed\\_heads in its place" in at.warning[0].value
    assert not at.query_params


def test_the_gallery_has_a_picture_of_each_topology_and_marks_the_chosen_one():
    at = visit(topology="siamese")
    titles, chosen = gallery(at)
    assert titles == {key: f"{each.number}. {each.title}" for key, each in TOPOLOGIES.items()}
    assert chosen == ["siamese"]


def test_the_relatedness_slider_changes_the_experiment():
    at = visit(topology="separate")
    at.select_slider[0].set_value(0.25).run()
    assert at.query_params["relatedness"] == "0.25"
    assert at.query_params["topology"] == "separate"


def row(at):
    """The training's button and the captions about it."""
    labels = ("Train both", "Train again", "Show the result")
    (button,) = [button for button in at.button if button.label in labels]
    return button, [caption.value for caption in at.caption if "Measured" in caption.value]


def question(at):
    return next((radio for radio in at.main.radio if radio.key == "topologies.predict.siamese"), None)


def shows_a_result(at):
    return any("-badge[" in each.value for each in at.markdown) or bool(at.get("plotly_chart"))


def find(server):
    return server.shared.find(TopologyJob.of(TOPOLOGIES["siamese"], 0.8), "nobody")


def finish(server):
    topology = TOPOLOGIES["siamese"]
    scores = Scores(model=[0.9] * topology.seeds, baseline=[0.5] * topology.seeds)
    result = TopologyResult(scores=dict.fromkeys(topology.lengths, scores))
    server.jobs.registry.end(find(server), "finished", result=result)


def test_a_prediction_comes_first_starts_the_training_and_is_marked(server):
    at = visit(topology="siamese")
    question(at).set_value("better").run()
    assert question(at) is None
    assert not find(server).ended
    assert any("You predicted “better”." in each.value for each in at.markdown)
    finish(server)
    at.run()
    assert any("Right:** you predicted “better”" in each.value for each in at.markdown)
    assert shows_a_result(at)

    next(button for button in at.button if button.label == "Predict again").click().run()
    assert not shows_a_result(at)
    first = find(server)
    question(at).set_value("worse").run()
    assert any("Not right:** you predicted “worse”.] Measured: “better”." in each.value for each in at.markdown)
    assert find(server) is first, "it is measured already"
    assert shows_a_result(at)


@pytest.mark.slow
def test_all_visitors_may_see_a_result_and_train_again(server):
    at = visit(topology="siamese")
    button, measured = row(at)
    assert (button.label, button.disabled, measured) == ("Train both", False, [])
    button.click().run()
    assert row(at)[0].disabled
    finish(server)
    visitor = visit(topology="siamese")
    assert not shows_a_result(visitor)
    button, measured = row(visitor)
    assert (button.label, button.disabled) == ("Show the result", False)
    assert measured == [":material/history: Measured just now, for all visitors"]
    button.click().run()
    for each in (at.run(), visitor):
        assert row(each)[0].label == "Train again"
        assert question(each) is None
        assert any("at least one false finding would still be about 40%" in caption.value for caption in each.caption)

    first = find(server)
    row(visitor)[0].click().run()
    again = find(server)
    assert again is not first
    assert not again.ended

    # Whoever cancels it reads so; everybody else has the earlier result.
    cancel = next(button for button in visitor.button if button.label == "Cancel")
    cancel.click().run()
    assert again.state == "cancelled"
    assert row(visitor)[0].label == "Train both"
    assert row(at.run())[0].label == "Train again"
