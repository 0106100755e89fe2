"""The page for a visitor's own model, without a browser and without workers."""

import json

import pytest
from backend.own_network.job import Comparison, OwnNetworkJob, OwnTimingJob, Timed, Timings
from components.own_network.measured import comparison_sentence
from streamlit.testing.v1 import AppTest

from backend.activity import activities
from backend.experiment.presets import PRESETS
from backend.network.layer_graph import LayerBox, LayerGraph
from backend.services import services
from components.session.visitor import COOKIE
from components.text import spoken
from tests.builders.pages import SHELL, button, drawn
from tests.own_configurations import configuration

pytestmark = pytest.mark.slow  # the models are made in Keras, by another process


@pytest.fixture(autouse=True)
def server(serve):
    return serve()


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


def text_of(at):
    return "\n".join(spoken(element.value) for element in [*at.markdown, *at.caption, *at.info, *at.warning])


def sources(at):
    return {data["title"]: data["source"] for data in drawn(at, "code")}


def test_the_page_says_what_leaves_the_machine():
    at = visit()
    assert "Your weights and your data never leave your machine" in text_of(at)
    (data,) = drawn(at, "own_file")
    assert "The weights stay on your machine" in data["words"]


def test_a_pasted_model_gets_its_finding_both_sources_and_the_loss_weights():
    at = paste(configuration("forecaster"))
    assert "16 heads that read the same 64 values" in text_of(at)
    found = sources(at)
    assert found["Your model in Keras"].count("layers.Dense(1, ") == 16
    assert "layers.Dense(16, " in found["One layer for these heads in Keras"]
    codes = [code.value for code in at.code]
    assert "loss_weights={name: 1 / 16 for name in model.output_names}" in codes
    assert any("fuse_heads(model)" in code for code in codes)
    assert not at.warning


def test_a_text_is_read_as_python_shows_it():
    text = configuration("one_day").replace('"one_day"', '"one\'s \\"day\\""')
    assert "“one_s_day”" in text_of(paste(f"  {text!r}\n"))


def test_a_link_brings_the_model_back_and_a_deleted_one_is_gone():
    id = paste(configuration("one_day")).query_params["network"]
    again = visit(network=id)
    assert "Your layer “hours” is a Dense(24)" in text_of(again)
    button(again, "Delete this one").click()
    again.run()
    assert "network" not in again.query_params
    assert "no longer has the model of this link" in text_of(visit(network=id))


def test_another_model_can_be_opened_and_the_first_stays_stored():
    at = paste(configuration("one_day"))
    id = at.query_params["network"]
    button(at, "Open another model").click()
    at.run()
    assert drawn(at, "own_file")
    assert services().own_networks.find(id)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not the configuration of a Keras model"),
        ("hello", "not the configuration of a Keras model"),
        (json.dumps({"class_name": "Mine", "config": {}}), "This one is of the class “Mine”"),
        (None, "Lambda"),
    ],
)
def test_what_the_app_does_not_read_gets_a_sentence_and_is_not_stored(text, reason):
    unread = configuration("faces").replace("DepthwiseConv2D", "Lambda", 1)
    at = paste(unread if text is None else text)
    (warning,) = at.warning
    assert reason in spoken(warning.value)
    assert "network" not in at.query_params
    assert "Open another model" not in [each.label for each in at.button]
    at = paste(configuration("one_day"), at)
    assert not at.warning


def test_a_name_with_markup_is_shown_as_text():
    model = json.loads(configuration("different_heads"))
    model["config"]["name"] = "[a](https://example.org) <b> $x$"
    at = paste(json.dumps(model))
    assert "(https://example.org)" not in text_of(at)
    assert "“a_https_example_org_b_x”" in text_of(at)


def test_a_link_with_an_id_that_is_none_is_ignored_with_a_notice():
    at = visit(network="../../etc")
    assert "it takes the id of a model" in text_of(at)
    assert drawn(at, "own_file")


def test_a_model_without_heads_that_can_be_rewritten_shows_why():
    at = paste(configuration("autoencoder"))
    assert "No two heads in the table read the same values" in text_of(at)
    assert "The output “rebuilt” is a layer of the class TimeDistributed" in text_of(at)
    assert list(sources(at)) == ["Your model in Keras"]


def test_the_heads_that_are_rewritten_can_be_chosen():
    at = paste(configuration("two_groups"))
    menu = at.selectbox(key="own.rewriting")
    assert len(menu.options) == 2
    assert not any("\\" in option for option in menu.options)
    menu.set_value(menu.options[1])
    at.run()
    assert at.query_params["rewriting"] == "1"
    assert "Your layer “c” is a Dense(2)" in text_of(at)


def test_of_a_link_to_heads_that_are_not_there_the_shown_ones_are_measured(server):
    network = paste(configuration("two_groups")).query_params["network"]
    at = visit(network=network, rewriting="999")
    assert "Your layer “c” is a Dense(2)" in text_of(at)
    text = server.own_networks.find(network)
    assert server.shared.find(OwnNetworkJob(text=text, rewriting=1), "somebody")
    assert server.shared.find(OwnNetworkJob(text=text, rewriting=999), "somebody") is None


def test_heads_with_different_activations_keep_their_outputs_and_loss_weights():
    at = paste(configuration("faces"))
    assert "whose columns are cut apart, each with its activation after it" in text_of(at)
    assert "the totals are equal with the same loss weights" in text_of(at)
    assert not any("loss_weights" in code.value for code in at.code)


def test_what_workers_find_is_shown_when_it_is_there(server):
    text = configuration("one_day")
    at = paste(text)
    stored = server.own_networks.find(at.query_params["network"])
    inspection = server.shared.find(OwnNetworkJob(text=stored), "somebody")
    box = LayerBox(name="hours", kind="Dense", inputs=("(None, 32)",), outputs=("(None, 24)",))
    graph = LayerGraph(boxes=(box,), arrows=())
    found = {"graph": graph, "parameters": 9_208, "examples": 8, "largest": 2.0, "round_off": 1e-4}
    server.jobs.registry.end(inspection, "finished", result=Comparison(**found, difference=3e-7))
    button(at, "Time both styles").click()
    at.run()
    assert button(at, "Time both styles").disabled
    one = Timings(build=[0.01] * 8, train=[0.002] * 8, infer=[0.001] * 8)
    several = Timings(build=[0.03] * 8, train=[0.003] * 8, infer=[0.001] * 8)
    timing = server.shared.find(OwnTimingJob(text=stored), "somebody")
    server.jobs.registry.end(timing, "finished", result=Timed(several=several, one=one, control=one, batch=32))
    said = text_of(at.run())
    assert "✓ Measured in Keras: over 8 random inputs" in said
    assert "Train step: with a layer for each head it takes 1.5 times as long as with one layer (1.5 to 1.5)." in said
    assert (
        "Inference: with a layer for each head it takes 1 times as long as with one layer (1 to 1), which is within"
        in said
    )
    assert "Time both styles" not in [each.label for each in at.button]
    assert any("Train step: with a layer for each head" in each["text"] for each in drawn(at, "announce")), "read aloud"
    assert drawn(at, "layer_graph")
    assert {"CSV", "Script"} <= {each.label for each in at.get("download_button")}


def test_a_timing_says_how_long_it_takes_is_followed_from_other_pages_and_cancelled(server):
    at = paste(configuration("one_day"))
    assert "about 15 seconds for most models" in text_of(at)
    assert button(at, "Cancel").disabled
    button(at, "Time both styles").click()
    at.run()
    (timing,) = activities(at.session_state[COOKIE])
    assert timing.title == "Timing both styles"
    assert timing.payloads[0].options == {"network": at.query_params["network"]}
    button(at, "Cancel").click()
    at.run()
    assert activities(at.session_state[COOKIE]) == []
    assert not button(at, "Time both styles").disabled


def test_an_opened_model_is_read_aloud_and_one_that_a_link_names_is_not():
    at = paste(configuration("one_day"))
    (said,) = [each["text"] for each in drawn(at, "announce")]
    assert said.startswith("The model is open. ")
    assert not drawn(visit(network=at.query_params["network"]), "announce")


def test_the_heads_are_drawn_in_both_styles_and_folded_as_wide_layers_are():
    (data,) = drawn(paste(configuration("forecaster")), "diagram")
    picture = data["picture"]
    assert [side["layers"] for side in picture["sides"]] == ["16 × Dense(1)", "one Dense(16)"]
    assert picture["morph"]["side"] == 1
    assert (picture["groups"][0]["count"], picture["groups"][0]["more"]) == (12, 52)
    assert "192 of 1,024 edges are drawn." in picture["legend"]


def test_heads_that_are_not_fusible_are_drawn_in_one_style_with_the_reason():
    first, *_ = drawn(paste(configuration("different_heads")), "diagram")
    assert [side["title"] for side in first["picture"]["sides"]] == ["Your model"]
    assert first["picture"]["morph"]["side"] is None
    assert "different activations" in first["picture"]["morph"]["before"]


def test_a_model_of_the_apps_becomes_the_experiment_and_leads_on():
    experiment = list(PRESETS.values())[-1]
    at = paste(configuration("of_the_app"))
    button(at, "Use as the experiment").click()
    at.run()
    assert not at.exception
    used = at.session_state["experiment"].architecture
    assert [head.name for head in used.heads] == [head.name for head in experiment.architecture.heads]
    assert used.lstm == experiment.architecture.lstm
    assert "This network is the experiment of all pages" in text_of(at)
    assert "Use as the experiment" not in [each.label for each in at.button]
    at.switch_page("compare.py").run()
    assert not at.exception
    assert at.session_state["experiment"].architecture == used


def test_a_model_that_the_sidebar_cannot_express_says_what_it_lacks():
    at = paste(configuration("forecaster"))
    assert "The sidebar has no Conv1D layer, and “conv1d” is one." in text_of(at)
    assert "Use as the experiment" not in [each.label for each in at.button]


def test_that_workers_are_warming_up_is_said_once(server):
    assert server.jobs.status.state == "warming"
    at = paste(configuration("one_day"))
    button(at, "Time both styles").click()
    assert text_of(at.run()).count("warming up") == 1


def test_a_difference_beyond_round_off_is_said(server):
    at = paste(configuration("one_day"))
    stored = server.own_networks.find(at.query_params["network"])
    graph = LayerGraph(boxes=(), arrows=())
    found = Comparison(graph=graph, parameters=1, examples=8, difference=0.5, largest=2.0, round_off=1e-4)
    assert "more than the" in spoken(comparison_sentence(found))
    assert server.shared.find(OwnNetworkJob(text=stored), "somebody")
