"""Train, by AppTest through the shell."""

import json

from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.builders.pages import button, drawn, until

TITLE = "Which one trains better?"
#: Little to trace.
SMALL = {"samples": "64", "epochs": "3", "lstm": "4", "timesteps": "4"}


def scores(at):
    """The titles of the charts of predictions."""
    return [text.value for text in at.markdown if ", R² after epoch " in text.value]


def finished(at):
    return any("built in" in caption.value for caption in at.caption)


def test_settings_travel_from_the_link_to_the_page_and_through_navigation(page):
    at = page("train.py", TITLE, optimizer="sgd", learning_rate="0.05", **SMALL)
    assert at.selectbox(key="training.optimizer").value == "sgd"
    assert at.number_input(key="training.learning_rate").value == 0.05
    assert at.query_params["optimizer"] == "sgd"
    at.switch_page("compare.py").run()
    assert at.query_params["learning_rate"] == "0.05"


def test_a_preset_opens_on_its_recorded_run(page):
    at = page("train.py", TITLE)
    (answer, *_) = (text.value for text in at.markdown if "there was no difference" in text.value)
    assert "In this run, there was no difference: in every epoch, the losses of level and trend agreed" in answer
    assert any("Recorded on" in caption.value for caption in at.caption)
    assert len(scores(at)) == 2
    (player,) = drawn(at, "player")
    assert (player["frames"][-1], player["epoch"], player["play"]) == (20, None, False)
    assert not finished(at)

    at.selectbox(key="training.optimizer").set_value("sgd").run()
    assert any("These settings have no result yet." in text.value for text in at.markdown)
    assert any("The faint curves are a recorded run with optimizer Adam" in text.value for text in at.markdown)
    assert not scores(at), "predictions of other settings would mislead"
    assert not drawn(at, "player")
    at.selectbox(key="preset").set_value("Equal totals").run()
    at.session_state["train.why"] = True
    at.run()
    (why,) = (text.value for text in at.markdown if "Both train in the same way from the same weights." in text.value)
    assert all(name in why for name in ("Two Heads 0.", "Keras 3.", "TensorFlow 2.", "Python 3."))
    assert not at.exception


def test_a_model_trains_against_itself_only_when_asked(page):
    at = page("train.py", TITLE, head=["level...4", "trend"], **SMALL)
    assert any("So both sides are Functional, which would train against itself." in text.value for text in at.markdown)
    assert button(at, "Train").disabled
    at.selectbox(key="left").set_value("subclassing").run()
    assert at.query_params["left"] == "subclassing"
    assert not button(at, "Train").disabled
    at.selectbox(key="left").set_value("functional").run()
    assert not button(at, "Train").disabled

    at = page("train.py", TITLE, head=["level...4", "trend"], **SMALL)
    button(at, "Train Functional against itself").click().run()
    until(at, finished)
    assert any("the losses of level and trend were exactly equal." in text.value for text in at.markdown)


def test_a_run_ends_in_curves_predictions_and_weights(page):
    at = page("train.py", TITLE, **SMALL)
    assert any("Expected" in caption.value for caption in at.caption)
    button(at, "Train").click().run()
    until(at, finished)
    assert [metric.value for metric in at.metric] == ["2.00"], "Functional's total, divided by Sequential's"
    assert len(scores(at)) == 2
    (player,) = drawn(at, "player")
    assert (player["frames"], player["epoch"], player["play"]) == ([0, 1, 2, 3], None, False)
    (diagram,) = drawn(at, "diagram")
    assert player["run"] == diagram["run"], "one clock moves them all"


def rests_at(at, run, epoch):
    """What the browser sends when the player of that run rests."""
    states = at._tree.get_widget_states()
    (player,) = [each.proto for each in at.get("bidi_component") if each.proto.component_name == "two_heads_player"]
    states.widgets.append(WidgetState(id=player.id, json_value=json.dumps({"epoch": {"run": run, "epoch": epoch}})))
    at._run(states)
    assert not at.exception


def test_a_link_opens_the_first_run_at_its_epoch_and_may_play_it(page):
    at = page("train.py", TITLE, epoch="2", play="1", **SMALL)
    button(at, "Train").click().run()
    until(at, finished)
    (player,) = drawn(at, "player")
    assert (player["epoch"], player["play"]) == (2, True)
    assert at.query_params["epoch"] == "2"
    rests_at(at, "another", 1)
    assert at.query_params["epoch"] == "2", "a report of an earlier run came late"
    rests_at(at, drawn(at, "player")[0]["run"], 1)
    assert at.query_params["epoch"] == "1"

    at.number_input(key="training.epochs").set_value(1).run()
    button(at, "Train").click().run()
    until(at, finished)
    until(at, lambda at: drawn(at, "player")[0]["frames"] == [0, 1])
    assert drawn(at, "player")[0]["epoch"] is None, "the epoch was that of another run"
    assert "epoch" not in at.query_params


def test_the_default_run_sends_little_data_for_its_player(page):
    at = page("train.py", TITLE)
    button(at, "Train").click().run()
    until(at, finished)
    sizes = {each.proto.component_name: each.proto.ByteSize() for each in at.get("bidi_component")}
    assert sum(sizes[part] for part in ("two_heads_player", "two_heads_diagram")) <= 45_000, sizes
    assert sum(each.proto.ByteSize() for each in at.get("plotly_chart")) <= 100_000
    assert sum(sizes.values()) <= 150_000


def test_the_first_steps_have_a_player_and_another_experiment_starts_over(page):
    at = page("train.py", TITLE, **SMALL)
    button(at, "Take 2 of 2 steps of the first epoch").click().run()
    until(at, lambda at: drawn(at, "player"))
    (player,) = drawn(at, "player")
    assert (player["frames"], player["epoch"], player["curves"]) == ([0, 1, 2], 0, False)
    assert player["captions"][2].startswith("After step 2. Total loss on its batch, before the step: Sequential ")
    steps = drawn(at, "diagram")[-1]
    assert (steps["unit"], steps["frames"]["epochs"], steps["run"]) == ("step", [0, 1, 2], player["run"])
    at.number_input(key="training.learning_rate").set_value(0.02).run()
    assert button(at, "Take 2 of 2 steps of the first epoch")
    assert not at.exception


def test_divergence_is_reported_in_a_sentence(page):
    at = page("train.py", TITLE, optimizer="sgd", learning_rate="100", **SMALL)
    button(at, "Train").click().run()
    until(at, finished)
    (warning,) = at.warning
    assert "diverges at a learning rate of 100" in warning.value
    assert any("No answer: no training reached epoch" in text.value for text in at.markdown)


def test_two_settings_are_compared_and_the_link_brings_the_comparison_back(page):
    at = page("train.py", TITLE, right="subclassing", batch="32", **SMALL)
    at.selectbox(key="train.compare").set_value("combine").run()
    assert at.query_params["right_combine"] == "gradnorm"
    assert any("These settings have no result yet." in text.value for text in at.markdown)
    at.selectbox(key="train.compare").set_value("batch").run()
    assert "right_combine" not in at.query_params
    at.number_input(key="versus.batch").set_value(8).run()
    link = dict(at.query_params)
    assert link["right_batch"] == "8"

    at = page("train.py", TITLE, **link)
    assert at.selectbox(key="train.compare").value == "batch"
    button(at, "Train").click().run()
    until(at, finished)
    at.session_state["train.why"] = True
    at.run()
    (answer,) = (text.value for text in at.markdown if text.value.startswith("**In this run"))
    assert "Batch 8" in answer or "neither setting" in answer
    assert any("Both sides are Subclassing, from the same initial weights" in text.value for text in at.markdown)
    assert "Batch 32 " in drawn(at, "player")[0]["captions"][-1]
    assert any(metric.label == "Total validation loss, Batch 8 ÷ Batch 32" for metric in at.metric)
    assert not at.exception
    at.number_input(key="versus.batch").set_value(32).run()
    assert not at.exception
    assert any("Both sides have this value now" in caption.value for caption in at.caption)
    at.selectbox(key="train.compare").set_value("").run()
    assert "right_batch" not in at.query_params
    assert not at.exception
