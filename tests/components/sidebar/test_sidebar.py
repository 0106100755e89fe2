"""Each setting in the sidebar is a view of the experiment; captions say where a setting has no effect."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.presets import PRESETS
from backend.experiment.url import read_query


def page():
    """All settings of all pages."""
    import streamlit as st

    from components import sidebar
    from components.session import page_options, state

    page_options.synchronise("page")
    sidebar.presets.show()
    sidebar.style.show("left")
    sidebar.architecture.show_folded()
    sidebar.section("Sequences", sidebar.sequences.show)
    sidebar.training.show_folded(())
    st.text(state.experiment().model_dump_json())
    for notice in state.notices():
        st.warning(notice.sentence)


@pytest.fixture
def app():
    app = AppTest.from_function(page)
    for fold in ("Training", "Heads", "Input and shared layers"):
        app.session_state[f"section.{fold}"] = True
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
    app.button_group(key="heads.chosen").set_value(i).run()


def is_open(app, i):
    """Whether the editor of head `i` is open."""
    assert app.button_group(key="heads.chosen").value == i
    return app.selectbox(key=f"head.{i}.task").value == experiment(app).architecture.heads[i].task


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_the_experiment_it_names_and_has_a_link(app, name):
    opened(app, timesteps="12")
    assert app.selectbox(key="preset").value is None, "your own settings"
    app.selectbox(key="preset").set_value(name).run()
    assert experiment(app) == PRESETS[name]
    assert app.selectbox(key="preset").value == name
    query = {key: value if isinstance(value, list) else [value] for key, value in dict(app.query_params).items()}
    assert read_query(query) == (PRESETS[name], [])


def test_layers_are_added_and_removed_at_the_end_and_the_others_keep_their_settings(app):
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


def test_new_heads_take_unused_tasks_and_names(app):
    opened(app)
    app.number_input(key="architecture.heads.count").set_value(16).run()
    heads = experiment(app).architecture.heads
    assert len({head.name for head in heads}) == 16
    assert len({head.task for head in heads}) >= 6
    assert all(head.spec.kind == "regression" for head in heads), "so that a fused style stays available"
    app.number_input(key="architecture.heads.count").set_value(1).run()
    assert [head.name for head in experiment(app).architecture.heads] == ["level"]


def test_a_new_task_brings_its_usual_output_and_the_label_stays(app):
    opened(app, head=["level......My%20label".replace("%20", " "), "trend"], timesteps="16")
    open_head(app, 0)
    app.selectbox(key="head.0.task").set_value("spike").run()
    head = experiment(app).architecture.heads[0]
    assert (head.name, head.task, head.activation, head.loss) == ("spike", "spike", "sigmoid", "binary_crossentropy")
    assert head.label == "My label"
    app.selectbox(key="head.0.task").set_value("trend").run()
    assert experiment(app).architecture.heads[0].name == "trend_2", "the other head is called trend"
    assert is_open(app, 0), "it has another title now"
    open_head(app, 1)
    assert is_open(app, 1)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lambda", "reserved by Python"),
        ("A b", "a lowercase letter"),
        ("", "a lowercase letter"),
        ("trend", "each head needs its own"),
    ],
)
def test_a_name_that_cannot_be_used_gets_a_notice_and_the_editor_stays_open(app, name, words):
    opened(app)
    open_head(app, 0)
    app.text_input(key="architecture.heads.0.name").set_value(name).run()
    (notice,) = app.warning
    assert words in notice.value
    used = experiment(app).architecture.heads[0].name
    assert "in its place" in notice.value
    assert is_open(app, 0)
    assert app.text_input(key="architecture.heads.0.name").value == used
    app.text_input(key="architecture.heads.0.name").set_value("height").run()
    assert not app.warning
    assert experiment(app).architecture.heads[0].name == "height"


def test_noise_and_scale_of_one_head_do_not_change_the_others(app):
    opened(app, head=["level", "spike", "trend"], timesteps="16")
    app.session_state["noise.open"] = True
    app.run()
    app.number_input(key="sequences.noise.1").set_value(0.2).run()
    app.number_input(key="sequences.scale.2").set_value(3.0).run()
    sequences = experiment(app).sequences
    assert [sequences.noise_of(i) for i in range(3)] == [0.05, 0.2, 0.05]
    assert [sequences.scale_of(i) for i in range(3)] == [1.0, 1.0, 3.0]
    with pytest.raises(KeyError):
        app.number_input(key="sequences.scale.1")  # a yes or no has no scale


def test_loss_weights_can_be_set_and_a_caption_names_the_style_that_is_trained_without_them(app):
    opened(app)
    app.selectbox(key="training.combine").set_value("own").run()
    app.number_input(key="training.weights.1").set_value(0.25).run()
    assert experiment(app).training.weights == (1.0, 0.25)
    app.number_input(key="training.weights.0").set_value(3.0)  # both arrive in one request
    app.number_input(key="training.weights.1").set_value(2.0).run()
    assert experiment(app).training.weights == (3.0, 2.0)
    assert any("has no effect on Sequential" in caption.value for caption in app.caption)
    app.selectbox(key="training.combine").set_value("mean").run()
    assert not any("has no effect on" in caption.value for caption in app.caption)


def test_a_label_is_plain_text_in_the_name_of_every_widget(app):
    opened(app, head=["level......**x** :material/home: $y$", "trend"])
    app.session_state["noise.open"] = True
    app.selectbox(key="training.combine").set_value("own").run()
    labels = [app.number_input(key="sequences.noise.0").label, app.number_input(key="training.weights.0").label]
    for label in [*labels, *app.button_group(key="heads.chosen").options]:
        assert "**x**" not in label
        assert "$y$" not in label
    assert all(r"\*\*x\*\*" in label for label in labels)


def test_other_data_bring_their_heads_and_a_link(app):
    opened(app, head=["spike", "level"], scale=["1,3"], data_seed=["5"])
    app.selectbox(key="data").set_value("weather").run()
    assert [head.task for head in experiment(app).architecture.heads] == ["temp_max", "wind"]
    assert dict(app.query_params) == {"data": "weather"}
    app.number_input(key="architecture.heads.count").set_value(4).run()
    assert [head.task for head in experiment(app).architecture.heads] == ["temp_max", "wind", "rain", "weather"]
    assert any(
        "A fused output is not available for these heads: one output layer has one" in c.value for c in app.caption
    )
    open_head(app, 0)
    assert app.selectbox(key="head.0.task").options == ["Highest temperature", "Wind", "Rain?", "Weather"]
    assert not [each for each in app.number_input if each.key == "sequences.seed"], "a recording has no seed"
    app.selectbox(key="data").set_value("synthetic").run()
    assert experiment(app).architecture.source.key == "synthetic"
    assert not app.warning
