"""The mounted component by AppTest: what it gets, and what it tells the session."""

import json
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from components import diagram
from tests.components.diagram.cases import snapshot

NO_FOCUS = "Sequential and Functional have the same 16 edges into the heads"


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


def test_the_component_gets_the_picture_and_no_focus():
    found = data(run())
    assert found["picture"]["finding"] == NO_FOCUS
    assert (found["neuron"], found["play"], found["format"]) == ("", False, "svg")
    assert "frames" not in found
    assert data(run(play=True))["play"] is True


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
        at.session_state["choices"]["neuron"] = neuron
        return data(at.run())["neuron"], data(at)["turn"] - start

    assert open_link("dense:2") == ("dense:2", 1)
    press(at, "level:0").run()
    assert (data(at)["neuron"], data(at)["turn"]) == ("level:0", start + 2)
    assert open_link("trend:0") == ("trend:0", 3)
    assert open_link("nobody:0") == ("", 4)


def test_the_highlight_ends_when_its_neuron_is_removed():
    at = press(run(), "trend:0")
    at.args = (Experiment(architecture=Architecture(heads=(Head(name="level"),))),)
    found = data(at.run())
    assert not at.exception
    assert found["neuron"] == ""
    assert found["picture"]["finding"] == "Sequential and Functional have the same 8 edges into the head"


def test_a_run_adds_its_weights_and_its_clock():
    experiment = Experiment()
    snapshots = [snapshot(experiment, epoch) for epoch in (0, 4)]
    found = data(run(experiment, snapshots=snapshots, run="r", epoch=4))
    assert (found["run"], found["epoch"], found["frames"]["epochs"]) == ("r", 4, [0, 4])
    assert "blue" in found["frames"]["legend"][0]


def test_only_the_component_itself_needs_streamlit():
    """Everything else is a pure function of architecture, styles and snapshots."""
    for file in Path(diagram.__file__).parent.glob("*.py"):
        assert ("import streamlit" in file.read_text()) == (file.name == "__init__.py"), file
