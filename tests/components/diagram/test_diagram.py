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
    """What the browser sends when a neuron is pressed: it counts on from the number that it got."""
    states = at._tree.get_widget_states()
    told = {"neuron": {"neuron": neuron, "turn": at.session_state["c.turn"] + 1}}
    states.widgets.append(WidgetState(id=proto(at).id, json_value=json.dumps(told)))
    at._run(states)
    assert not at.exception
    return at


def test_a_pressed_neuron_is_kept_told_and_sent_with_the_next_page():
    at = run()
    start = data(at)["turn"]
    press(at, "level:0")
    assert at.session_state["c-focus"] == "level:0"
    assert at.query_params["neuron"] == "level:0"
    at.run()
    assert (data(at)["neuron"], data(at)["turn"]) == ("level:0", start + 1)
    at = press(at, "").run()
    assert "neuron" not in at.query_params
    assert (data(at)["neuron"], data(at)["turn"]) == ("", start + 2)
    assert data(run())["turn"] > start + 2, "in a new session, the browser's choices in a lost one are old"


@pytest.mark.parametrize("neuron", ["lstm:3", "level:7", "nobody:0", "level", "level:-1", "<b>", ["level"], None])
def test_what_cannot_be_highlighted_highlights_nothing(neuron):
    at = press(run(), neuron)
    assert data(at.run())["neuron"] == ""


def test_a_link_highlights_its_neuron_and_the_last_choice_wins():
    at = run()
    start = data(at)["turn"]

    def open_link(neuron):
        at.session_state["session"].options["neuron"] = neuron
        return data(at.run())["neuron"], data(at)["turn"] - start

    assert open_link("dense:2") == ("dense:2", 1)
    press(at, "level:0").run()
    assert (data(at)["neuron"], data(at)["turn"]) == ("level:0", start + 2)
    assert open_link("trend:0") == ("trend:0", 3)
    assert open_link("nobody:0") == ("", 4)


def test_a_run_adds_its_weights_and_its_clock():
    experiment = Experiment()
    snapshots = [snapshot(experiment, epoch) for epoch in (0, 4)]
    found = data(run(experiment, snapshots=snapshots, run="r", epoch=4))
    assert (found["run"], found["epoch"], found["frames"]["epochs"]) == ("r", 4, [0, 4])
    assert "blue" in found["frames"]["legend"][0]
