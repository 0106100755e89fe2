"""The mounted component by AppTest: what it gets, and what it tells the session."""

import json

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from tests.builders.diagrams import snapshot


def page(experiment, **options):
    from components import diagram
    from components.session import page_options, state

    state.store(experiment, [])
    page_options.declare({"neuron": diagram.neuron_option()}, {})
    diagram.show(experiment, key="c", **options)


def run(experiment=None, **options):
    at = AppTest.from_function(page, args=(experiment or Experiment(),), kwargs=options).run()
    assert not at.exception
    return at


def proto(at):
    return at.get("bidi_component")[0].proto


def data(at):
    return json.loads(proto(at).json or proto(at).mixed.json)


def press(at, neuron):
    """What the browser sends when a neuron is pressed."""
    states = at._tree.get_widget_states()
    states.widgets.append(WidgetState(id=proto(at).id, json_value=json.dumps({"neuron": neuron})))
    at._run(states)
    assert not at.exception
    return at


def test_a_pressed_neuron_is_in_the_link_and_sent_with_the_next_page():
    at = press(run(), "level:0")
    assert at.query_params["neuron"] == "level:0"
    assert data(at.run())["neuron"] == "level:0"
    at = press(at, "").run()
    assert "neuron" not in at.query_params
    assert data(at)["neuron"] == ""


@pytest.mark.parametrize("neuron", ["level", "level:-1", "<b>", ["level"], None])
def test_what_is_no_neuron_changes_nothing(neuron):
    at = press(run(), neuron)
    assert data(at.run())["neuron"] == ""


def test_a_run_adds_its_weights_and_its_clock():
    experiment = Experiment()
    snapshots = [snapshot(experiment, epoch) for epoch in (0, 4)]
    found = data(run(experiment, snapshots=snapshots, run="r"))
    assert (found["run"], found["frames"]["epochs"]) == ("r", [0, 4])
    assert "blue" in found["frames"]["legend"]
