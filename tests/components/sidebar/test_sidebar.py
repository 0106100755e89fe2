"""Each setting in the sidebar is a view of the experiment; captions say where a setting has no effect."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.presets import PRESETS, THREAD
from backend.experiment.url import read_query
from components.sidebar.training import unused_sentence
from two_heads.weightings import AGGREGATORS


def page():
    """All settings of all pages."""
    import streamlit as st

    from components import sidebar
    from components.session import state, url_sync

    url_sync.synchronise("page")
    sidebar.presets.show()
    sidebar.style.show("left")
    sidebar.architecture.show()
    sidebar.section("Sequences", sidebar.sequences.show)
    sidebar.training.show_folded((), late=True)
    st.text(state.experiment().model_dump_json())
    for notice in state.notices():
        st.warning(notice.sentence)


@pytest.fixture
def app():
    app = AppTest.from_function(page)
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
    assert app.button[0].disabled == (name == THREAD), "nothing to reset"


def test_reset_brings_back_the_threads_network(app):
    opened(app, timesteps="12", lstm="4,5", optimizer="sgd")
    app.button[0].click().run()
    assert experiment(app) == Experiment()


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
    app.number_input(key="heads.count").set_value(16).run()
    heads = experiment(app).architecture.heads
    assert len({head.name for head in heads}) == 16
    assert len({head.task for head in heads}) >= 6
    assert all(head.spec.kind == "regression" for head in heads), "so that a fused style stays available"
    app.number_input(key="heads.count").set_value(1).run()
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


def test_a_caption_says_why_a_fused_output_is_not_available(app):
    def said():
        return [caption.value for caption in app.caption if "A fused output is not available" in caption.value]

    opened(app)
    open_head(app, 0)
    assert not said()
    app.number_input(key="architecture.heads.0.hidden.count").set_value(1).run()
    assert len(said()) == 1
    assert "hidden layers of its own (level)" in said()[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lambda", "reserved by Python"),
        ("A b", "a lowercase letter"),
        ("", "a lowercase letter"),
        ("trend", "head 2 has this name"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_in_the_open_editor_and_the_head_keeps_its_name(app, name, words):
    opened(app)
    open_head(app, 0)
    app.text_input(key="architecture.heads.0.name").set_value(name).run()
    (refused,) = app.warning
    assert words in refused.value
    assert "The name stays “level”" in refused.value
    assert is_open(app, 0)
    assert app.text_input(key="architecture.heads.0.name").value == "level"
    assert experiment(app) == Experiment()
    app.text_input(key="architecture.heads.0.name").set_value("height").run()
    assert not app.warning
    assert experiment(app).architecture.heads[0].name == "height"
    assert is_open(app, 0)


def test_removed_heads_come_back_as_they_were(app):
    opened(app, head=["level", "slope.trend.2.8-4.tanh.mae.My level", "spike...4"], timesteps="16")
    whole = experiment(app)
    count = app.number_input(key="heads.count")
    count.set_value(1).run()
    app.number_input(key="architecture.lstm.0").set_value(16).run()
    app.number_input(key="heads.count").set_value(2).run()
    assert experiment(app).architecture.heads == whole.architecture.heads[:2]
    app.number_input(key="heads.count").set_value(3).run()
    assert experiment(app).architecture.heads == whole.architecture.heads
    app.number_input(key="heads.count").set_value(4).run()
    assert experiment(app).architecture.heads[3].task == "last", "a task that no head has"


def test_a_removed_head_does_not_come_back_where_it_does_not_fit(app):
    opened(app, head=["level", "spike", "trend"], timesteps="16")
    app.number_input(key="heads.count").set_value(1).run()
    app.number_input(key="architecture.timesteps").set_value(2).run()
    open_head(app, 0)
    app.text_input(key="architecture.heads.0.name").set_value("trend").run()
    app.number_input(key="heads.count").set_value(3).run()
    heads = experiment(app).architecture.heads
    assert [head.task for head in heads][1] != "spike", "it needs more timesteps"
    assert (heads[2].task, heads[2].name) == ("trend", "trend_2"), "another head has its name now"
    assert not app.warning


def test_heads_that_were_removed_from_another_architecture_stay_away(app):
    opened(app, head=["level", "trend", "frequency"], timesteps="16")
    app.number_input(key="heads.count").set_value(2).run()
    app.selectbox(key="preset").set_value("A related pair of tasks").run()
    app.number_input(key="heads.count").set_value(3).run()
    assert experiment(app).architecture.heads[2].task == "level"


def test_more_heads_than_can_be_edited_are_kept(app):
    opened(app, head=[f"m{i}.level" for i in range(20)])
    assert app.number_input(key="heads.count").value == 16
    assert "This experiment has 20 heads. Only the first 16" in " ".join(caption.value for caption in app.caption)
    app.number_input(key="architecture.timesteps").set_value(12).run()
    assert len(experiment(app).architecture.heads) == 20


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


def test_relatedness_is_offered_only_with_the_related_pair(app):
    opened(app)
    assert not app.select_slider
    app.selectbox(key="preset").set_value("A related pair of tasks").run()
    app.select_slider(key="sequences.relatedness").set_value(-0.5).run()
    assert experiment(app).sequences.relatedness == -0.5


def test_the_slider_of_the_relatedness_has_the_value_of_any_link_and_one_sign_for_the_minus(app):
    opened(app, relatedness="-0.123", head=["a.related_a", "b.related_b"])
    slider = app.select_slider(key="sequences.relatedness")
    assert slider.value == experiment(app).sequences.relatedness == -0.123
    assert {"−1.0", "−0.15", "−0.123", "0.0", "0.35", "1.0"} <= set(slider.options)
    assert "-" not in "".join(slider.options)


def test_loss_weights_can_be_set_and_a_caption_names_the_style_that_is_trained_without_them(app):
    opened(app)
    app.selectbox(key="training.combine").set_value("own").run()
    app.number_input(key="training.weights.1").set_value(0.25).run()
    assert experiment(app).training.weights == (1.0, 0.25)
    app.number_input(key="training.weights.0").set_value(3.0)  # both arrive in one request
    app.number_input(key="training.weights.1").set_value(2.0).run()
    assert experiment(app).training.weights == (3.0, 2.0)
    assert any("Two Heads trains it without this setting" in caption.value for caption in app.caption)
    app.selectbox(key="training.combine").set_value("mean").run()
    assert not any("without this setting" in caption.value for caption in app.caption)


def test_a_method_says_what_it_does_what_it_costs_and_for_how_many_heads_it_is(app):
    opened(app)
    app.selectbox(key="training.combine").set_value("pcgrad").run()
    assert experiment(app).method() is AGGREGATORS["pcgrad"]
    words = "\n".join(caption.value for caption in app.caption)
    assert AGGREGATORS["pcgrad"].rule in words
    assert "2 backward passes a step" in words
    assert "Sequential has one loss, the mean over all output units. Two Heads trains it without" in words
    opened(app, head=["level"] * 17, combine="pcgrad")
    assert experiment(app).method() is None
    assert any("PCGrad takes at most 16 heads. The sum" in caption.value for caption in app.caption)


def test_a_folded_section_is_drawn_when_it_is_opened():
    app = AppTest.from_function(page).run()
    with pytest.raises(KeyError):
        app.number_input(key="training.epochs")
    app.session_state["section.Training"] = True
    app.run()
    assert app.number_input(key="training.epochs").value == 20


def test_a_label_is_plain_text_in_the_name_of_every_widget(app):
    opened(app, head=["level......**x** :material/home: $y$", "trend"])
    app.session_state["noise.open"] = True
    app.selectbox(key="training.combine").set_value("own").run()
    labels = [app.number_input(key="sequences.noise.0").label, app.number_input(key="training.weights.0").label]
    for label in [*labels, *app.button_group(key="heads.chosen").options]:
        assert "**x**" not in label
        assert "$y$" not in label
    assert all(r"\*\*x\*\*" in label for label in labels)


@pytest.mark.parametrize(("share", "none"), [("0.01", True), ("0.2", False), ("0", False)])
def test_a_caption_says_when_the_validation_share_rounds_to_no_sequence(app, share, none):
    opened(app, validation=share, samples="32")
    assert any("rounds to 0" in caption.value for caption in app.caption) == none


def test_both_fused_styles_are_named_where_they_are_trained_without_a_setting():
    both = Experiment(left="sequential", right="functional_fused")
    assert unused_sentence(both) == (
        "“Sequential” and “Functional, fused” each have one loss, the mean over all output units. Two Heads trains "
        "them without this setting."
    )
    assert unused_sentence(Experiment(left="functional", right="subclassing")) == ""


def test_the_loss_of_a_single_class_head_is_not_called_a_mean_over_units():
    one = Experiment(architecture=Architecture(timesteps=16, heads=(Head.for_task("waveform"),)), right="sequential")
    assert unused_sentence(one) == "Sequential has one loss. Two Heads trains it without this setting."


def test_other_data_bring_their_heads_and_a_link_and_the_visitors_come_back(app):
    opened(app, head=["spike", "level"], scale=["1,3"], data_seed=["5"])
    mine = experiment(app)
    app.selectbox(key="data").set_value("weather").run()
    assert [head.task for head in experiment(app).architecture.heads] == ["temp_max", "wind"]
    assert dict(app.query_params) == {"data": "weather"}
    app.number_input(key="heads.count").set_value(4).run()
    assert [head.task for head in experiment(app).architecture.heads] == ["temp_max", "wind", "rain", "weather"]
    assert any(
        "A fused output is not available for these heads: one output layer has one" in c.value for c in app.caption
    )
    open_head(app, 0)
    assert app.selectbox(key="head.0.task").options == ["Highest temperature", "Wind", "Rain?", "Weather"]
    assert not [each for each in app.number_input if each.key == "sequences.seed"], "a recording has no seed"
    recorded = experiment(app)
    app.selectbox(key="data").set_value("synthetic").run()
    assert experiment(app) == mine
    app.selectbox(key="data").set_value("weather").run()
    assert experiment(app) == recorded
    assert not app.warning


def test_equal_initial_weights_cannot_be_chosen_while_two_settings_are_compared(app):
    opened(app, right_batch=["8"], same_start=["false"])
    (toggle,) = (each for each in app.toggle if each.label == "Same initial weights")
    assert (toggle.value, toggle.disabled) == (True, True)
    assert "both sides start from the same weights" in toggle.help
    assert not experiment(app).training.same_start, "what was chosen for two styles stays"
