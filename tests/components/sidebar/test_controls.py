"""Settings at the side: each is a view of the experiment, and what styles cannot share is said beside it."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.presets import PRESETS, THREAD
from backend.experiment.url import read_query


def page():
    """All settings of all pages."""
    import streamlit as st

    from components.session import state, url_sync
    from components.sidebar import controls

    url_sync.synchronise("page")
    controls.presets()
    controls.style("left")
    controls.architecture()
    controls.section("Sequences", controls.sequences)
    controls.section("Training", controls.training, folded=True)
    st.text(state.experiment().model_dump_json())
    for notice in state.notices():
        st.warning(notice.sentence)


@pytest.fixture
def app():
    app = AppTest.from_function(page, default_timeout=30)
    app.session_state["section.Training"] = True
    return app


def opened(app, **query):
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def experiment(app):
    assert not app.exception
    return Experiment.model_validate_json(app.text[0].value)


def open_head(app, i):
    """AppTest forgets at each run that a part was opened."""
    app.session_state[f"head.{i}.open"] = True
    app.run()


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_the_experiment_it_names_and_has_a_link(app, name):
    opened(app, timesteps="12")
    assert app.selectbox(key="preset").value is None, "your own settings"
    app.selectbox(key="preset").set_value(name).run()
    assert experiment(app) == PRESETS[name]
    assert app.selectbox(key="preset").value == name
    query = {key: value if isinstance(value, list) else [value] for key, value in dict(app.query_params).items()}
    assert read_query(query) == (PRESETS[name], [])
    assert app.button[0].disabled == (name == THREAD), "there is nothing to reset"


def test_reset_brings_back_the_threads_network(app):
    opened(app, timesteps="12", lstm="4,5", optimizer="sgd")
    app.button[0].click().run()
    assert experiment(app) == Experiment()


def test_layers_come_and_go_at_the_end_and_keep_what_was_set(app):
    opened(app, lstm="7", dense="9:relu")
    app.number_input(key="architecture.lstm.count").set_value(3).run()
    app.number_input(key="architecture.lstm.2").set_value(5).run()
    app.number_input(key="architecture.dense.count").set_value(2).run()
    trunk = experiment(app).architecture
    assert trunk.lstm == (7, 32, 5)
    assert [(layer.units, layer.activation) for layer in trunk.dense] == [(9, "relu"), (8, "linear")]
    app.number_input(key="architecture.lstm.count").set_value(1).run()
    app.number_input(key="architecture.dense.count").set_value(0).run()
    trunk = experiment(app).architecture
    assert (trunk.lstm, trunk.dense) == ((7,), ())


def test_new_heads_take_tasks_that_are_free_and_names_that_are_new(app):
    opened(app)
    app.number_input(key="heads.count").set_value(16).run()
    heads = experiment(app).architecture.heads
    assert len({head.name for head in heads}) == 16
    assert len({head.task for head in heads}) >= 6
    assert all(head.spec.kind == "regression" for head in heads), "what a fused output can hold"
    app.number_input(key="heads.count").set_value(1).run()
    assert [head.name for head in experiment(app).architecture.heads] == ["mean"]


def test_a_task_brings_its_usual_output_and_keeps_the_label(app):
    opened(app, head=["mean......My%20label".replace("%20", " "), "trend"], timesteps="16")
    open_head(app, 0)
    app.selectbox(key="head.0.task").set_value("spike").run()
    head = experiment(app).architecture.heads[0]
    assert (head.name, head.task, head.activation, head.loss) == ("spike", "spike", "sigmoid", "binary_crossentropy")
    assert head.label == "My label"
    app.selectbox(key="head.0.task").set_value("trend").run()
    assert experiment(app).architecture.heads[0].name == "trend_2", "the other head is called trend"


def test_what_cannot_be_fused_is_said_beside_the_heads(app):
    def said():
        return [caption.value for caption in app.caption if "One fused output" in caption.value]

    opened(app)
    open_head(app, 0)
    assert not said()
    app.number_input(key="architecture.heads.0.hidden.count").set_value(1).run()
    assert len(said()) == 1
    assert "hidden layers of single heads (mean)" in said()[0].replace("\\", "")


@pytest.mark.parametrize(("name", "words"), [("lambda", "a word that Python"), ("A b", "a small letter")])
def test_a_name_that_cannot_be_is_told_and_replaced(app, name, words):
    opened(app)
    open_head(app, 0)
    app.text_input(key="architecture.heads.0.name").set_value(name).run()
    assert words in app.warning[0].value
    assert experiment(app).architecture.heads[0].name == "head_1"
    open_head(app, 0)
    assert app.text_input(key="architecture.heads.0.name").value == "head_1"


def test_more_heads_than_can_be_edited_are_kept(app):
    opened(app, head=[f"m{i}.mean" for i in range(20)])
    assert app.number_input(key="heads.count").value == 16
    assert "This link has 20 heads" in " ".join(caption.value for caption in app.caption)
    app.number_input(key="architecture.timesteps").set_value(12).run()
    assert len(experiment(app).architecture.heads) == 20


def test_noise_and_scale_of_one_head_leave_the_others_alone(app):
    opened(app, head=["mean", "spike", "trend"], timesteps="16")
    app.session_state["noise.open"] = True
    app.run()
    app.number_input(key="sequences.noise.1").set_value(0.2).run()
    app.number_input(key="sequences.scale.2").set_value(3.0).run()
    sequences = experiment(app).sequences
    assert [sequences.noise_of(i) for i in range(3)] == [0.05, 0.2, 0.05]
    assert [sequences.scale_of(i) for i in range(3)] == [1.0, 1.0, 3.0]
    with pytest.raises(KeyError):
        app.number_input(key="sequences.scale.1")  # a yes or no has no scale


def test_relatedness_is_offered_where_the_pair_is(app):
    opened(app)
    assert not app.slider or all(slider.key != "sequences.relatedness" for slider in app.slider)
    app.selectbox(key="preset").set_value("A related pair of tasks").run()
    app.slider(key="sequences.relatedness").set_value(-0.5).run()
    assert experiment(app).sequences.relatedness == -0.5


def test_own_weights_are_asked_for_and_the_fused_loss_says_they_do_not_reach_it(app):
    opened(app)
    app.selectbox(key="training.combine").set_value("own").run()
    app.number_input(key="training.weights.1").set_value(0.25).run()
    assert experiment(app).training.weights == (1.0, 0.25)
    assert any("Sequential has one output and one loss" in caption.value for caption in app.caption)
    app.selectbox(key="training.combine").set_value("mean").run()
    assert not any("does not reach it" in caption.value for caption in app.caption)


def test_a_folded_part_is_drawn_when_it_is_opened():
    app = AppTest.from_function(page, default_timeout=30).run()
    with pytest.raises(KeyError):
        app.number_input(key="training.epochs")
    app.session_state["section.Training"] = True
    app.run()
    assert app.number_input(key="training.epochs").value == 20


def test_a_label_is_text_in_every_name_of_a_control(app):
    opened(app, head=["mean......**x** :material/home: $y$", "trend"])
    app.session_state["noise.open"] = True
    app.selectbox(key="training.combine").set_value("own").run()
    labels = [app.number_input(key="sequences.noise.0").label, app.number_input(key="training.weights.0").label]
    for label in [*labels, app.expander[-1].label if app.expander else ""]:
        assert "**x**" not in label
        assert "$y$" not in label
    assert all(r"\*\*x\*\*" in label for label in labels)


@pytest.mark.parametrize(("share", "none"), [("0.01", True), ("0.2", False), ("0", False)])
def test_a_validation_share_that_rounds_to_no_sequence_is_said(app, share, none):
    opened(app, validation=share, samples="32")
    assert any("rounds to none" in caption.value for caption in app.caption) == none
