"""The page for a visitor's own model, with what workers have found and measured."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from backend.activity import activities
from backend.experiment.presets import PRESETS
from backend.own_model.examples import examples
from backend.own_model.job import Comparison
from backend.services import services
from components.own_model.measured import comparison_sentence
from components.session.visitor import COOKIE
from components.text import spoken
from tests.builders.own_configurations import configuration
from tests.builders.pages import SHELL, button, drawn, graphs, labels, replay, until

pytestmark = [
    pytest.mark.slow,  # the models are made in Keras, by another process
    pytest.mark.usefixtures("recorded"),
]


def visit(**query):
    at = AppTest.from_file(str(SHELL)).run()
    at.switch_page("own.py")
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception
    return at


def paste(text, at=None):
    at = at or visit()
    at.text_area(key="own.text").set_value(text)
    button(at, "Read it").click()
    at.run()
    assert not at.exception
    return at


def opened(model, **changed):
    """The page with the finding of this model."""
    config = json.loads(configuration(model))
    config["config"] |= changed
    return until(paste(json.dumps(config)), lambda at: graphs(at))


def text_of(at):
    kinds = (at.header, at.markdown, at.caption, at.info, at.warning)
    return "\n".join(spoken(element.value) for kind in kinds for element in kind)


def test_several_heads_get_their_finding_both_sources_the_loss_weights_and_the_lines_for_home():
    at = until(opened("forecaster"), lambda at: "Measured in Keras" in text_of(at))
    assert "16 heads that read the same 64 values" in text_of(at)
    own, other, weights, home = (each["source"] for each in drawn(at, "code"))
    assert own.count("layers.Dense(1, ") == 16
    assert "layers.Dense(16, " in other
    assert weights == "loss_weights=16.0"
    assert "fuse_heads(model" in home
    (data,) = drawn(at, "diagram")
    assert data["picture"]["morph"]["side"] == 1
    assert not at.warning


def test_a_text_is_read_as_python_shows_it_and_a_name_with_markup_is_shown_as_text():
    at = until(paste(f"  {configuration('one_day')!r}\n"), lambda at: graphs(at))
    assert "“one_day”" in text_of(at)
    at = opened("one_day", name="[a] <b> $x$ `c`")
    (name,) = (each.value for each in at.caption if "x" in each.value and each.value.startswith("“"))
    assert re.sub(r"\\(.)", r"\1", name) == "“[a] <b> $x$ `c`”"
    assert "\\[a\\]" in name


def test_a_link_brings_the_stored_finding_back_and_a_deleted_model_is_gone():
    id = opened("one_day").query_params["network"]
    assert services().own_models.find(id).found
    again = visit(network=id)
    assert graphs(again)
    button(again, "Delete this one").click()
    again.run()
    assert "network" not in again.query_params
    gone = visit(network=id)
    assert gone.info
    assert drawn(gone, "own_file")


@pytest.mark.parametrize("text", ["", "hello", json.dumps({"class_name": "Mine", "config": {}}), "lambda"])
def test_what_the_app_does_not_read_gets_a_sentence_and_is_not_stored(text):
    if text == "lambda":
        text = configuration("faces").replace("DepthwiseConv2D", "Lambda", 1)
    at = paste(text)
    assert at.warning
    assert "network" not in at.query_params
    at = paste(configuration("one_day"), at)
    assert not at.warning


def test_what_keras_cannot_build_gets_a_sentence_and_another_file_can_be_opened():
    text = configuration("one_day").replace('"return_sequences": true', '"return_sequences": false', 1)
    at = until(paste(text), lambda at: at.warning)
    assert "The app cannot read this model" in text_of(at)
    assert drawn(at, "own_file")


def test_a_link_with_an_id_that_is_none_is_ignored_with_a_notice():
    at = visit(network="../../etc")
    assert at.info or at.warning
    assert drawn(at, "own_file")


@pytest.mark.parametrize("name", ["autoencoder", "different_heads"])
def test_a_model_without_another_style_shows_why(name):
    at = opened(name)
    assert [data["title"] for data in drawn(at, "code")] == ["Your model in Keras"]
    assert "Time both styles" not in labels(at)
    assert set(at.table[0].value["can be one layer"]) == {"✗ no"}


def test_the_heads_that_are_rewritten_can_be_chosen_and_those_of_a_link_that_are_not_there_are_the_last():
    at = opened("two_groups")
    at.selectbox(key="own.rewriting").set_value(1).run()
    assert at.query_params["rewriting"] == "1"
    last = visit(network=at.query_params["network"], rewriting="999")
    menu = last.selectbox(key="own.rewriting")
    assert menu.value == len(menu.options) - 1


def test_a_timing_is_followed_from_other_pages_cancelled_and_shown():
    at = opened("one_day")
    replay(0)
    button(at, "Time both styles").click()
    at.run()
    (timing,) = activities(at.session_state[COOKIE])
    assert timing.payloads[0].options == {"network": at.query_params["network"]}
    button(at, "Cancel").click()
    at.run()
    assert activities(at.session_state[COOKIE]) == []
    replay(None)
    button(at, "Time both styles").click()
    at.run()
    until(at, lambda at: "CSV" in [each.label for each in at.get("download_button")])
    assert "as long as with one layer" in text_of(at)
    assert any("Train step" in each["text"] for each in drawn(at, "announce")), "read aloud"


def test_a_model_of_the_apps_becomes_the_experiment_and_leads_on():
    experiment = list(PRESETS.values())[-1]
    at = opened("of_the_app")
    button(at, "Use as the experiment").click()
    at.run()
    used = at.session_state["session"].experiment.architecture
    assert [head.name for head in used.heads] == [head.name for head in experiment.architecture.heads]
    assert used.lstm == experiment.architecture.lstm
    assert "Use as the experiment" not in labels(at)


def test_numbers_that_cannot_be_compared_are_said():
    assert "NaN" in spoken(comparison_sentence(Comparison()))


@pytest.mark.parametrize("title", examples())
def test_an_example_is_opened_by_a_press(title):
    at = visit()
    button(at, title).click()
    at.run()
    assert until(at, lambda at: graphs(at)).query_params["network"]
