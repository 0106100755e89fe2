"""Topologies, without a browser: the link names the topology."""

from functools import partial

import pytest

from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.base import Relatedness
from backend.questions.topologies.job import TopologyJob
from backend.questions.topologies.verdict import Scores, TopologyResult
from tests.builders.pages import charts, click, run, says, visit


@pytest.fixture(autouse=True)
def server(serve):
    """A server without workers; a test acts as the worker."""
    return serve()


topologies = partial(visit, "topologies.py")


@pytest.mark.parametrize("key", TOPOLOGIES)
def test_a_link_names_a_topology(key):
    at = topologies(topology=key, relatedness="0.5")
    topology = TOPOLOGIES[key]
    assert at.main.header[0].value == f"{topology.number}. {topology.title}"
    assert not at.warning
    assert [slider.value for slider in at.select_slider] == ([0.5] if topology.has_relatedness else [])


def row(at):
    """The training's button."""
    (button,) = [each for each in at.button if each.label in ("Train both", "Train again", "Show the result")]
    return button


def question(at):
    return next((radio for radio in at.main.radio if radio.key == "topologies.predict.siamese"), None)


def shows_a_result(at):
    return charts(at) > 0


def find(server):
    return server.shared.find(TopologyJob.of(TOPOLOGIES["siamese"], Relatedness(rho=0.8)), "nobody")


def finish(server):
    topology = TOPOLOGIES["siamese"]
    scores = Scores(model=[0.9] * topology.seeds, baseline=[0.5] * topology.seeds)
    result = TopologyResult(scores=dict.fromkeys(topology.lengths, scores))
    server.jobs.registry.end(find(server), "finished", result=result)


def test_a_prediction_comes_first_starts_the_training_and_is_marked(server):
    at = topologies(topology="siamese")
    run(question(at).set_value("better"))
    assert question(at) is None
    assert not find(server).ended
    finish(server)
    assert says(run(at), "✓ Right")
    assert shows_a_result(at)

    assert not shows_a_result(click(at, "Predict again"))
    first = find(server)
    run(question(at).set_value("worse"))
    assert says(at, "✗ Not right")
    assert find(server) is first, "it is measured already"
    assert shows_a_result(at)


@pytest.mark.slow
def test_all_visitors_may_see_a_result_and_train_again(server):
    at = click(topologies(topology="siamese"), "Train both")
    assert row(at).disabled
    finish(server)
    visitor = topologies(topology="siamese")
    assert not shows_a_result(visitor)
    click(visitor, "Show the result")
    for each in (run(at), visitor):
        assert row(each).label == "Train again"
        assert question(each) is None

    first = find(server)
    click(visitor, "Train again")
    again = find(server)
    assert again is not first
    assert not again.ended

    # Whoever cancels it reads so; everybody else has the earlier result.
    click(visitor, "Cancel")
    assert again.state == "cancelled"
    assert row(visitor).label == "Train both"
    assert row(run(at)).label == "Train again"
