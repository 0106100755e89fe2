"""What the page says of a model is what the library says and does; its sources build the same model and run at home."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from backend.jobs.runtime import Context, JobRefused
from backend.own_model.found import Found
from backend.own_model.job import CompareOwnJob
from backend.worker.build import build
from backend.worker.own_model import compared, found_in, inputs_of
from tests.builders.own_models import ISSUES, MODELS, graphs
from two_heads import find_heads

layers = keras.layers


def found(model: keras.Model) -> Found:
    return Found.model_validate_json(found_in(model.to_json(), Context()))


def is_same(source: str, model: keras.Model) -> None:
    """Asserts that a source builds this model: the same weights, structure and numbers."""
    again = build(source)
    assert [each.shape for each in again.weights] == [each.shape for each in model.weights], source
    again.set_weights(model.get_weights())
    x = inputs_of(model, 3, 2)
    expected, got = model(x, training=False), again(x, training=False)
    keras.tree.assert_same_structure(expected, got)
    for one, other in zip(keras.tree.flatten(expected), keras.tree.flatten(got), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-5, atol=1e-6, err_msg=source)


def is_consistent(model: keras.Model, home: object) -> Found:
    """Asserts that page and library agree on a model, that the sources build it, and that the lines for home run."""
    page = found(model)
    is_same(page.source, model)
    said = {names for each in find_heads(model) + find_heads(model, keep_outputs=False) if each.fusible
            for names in [each.layers]}  # fmt: skip
    assert {each.group.layers for each in page.rewritings if each.fuses} == said
    assert {group.layers for group in page.groups if group.answer.startswith("✓")} == said
    heads = {name for each in find_heads(model) for name in each.layers}
    assert {name for group in page.groups for name in group.layers} == heads
    for position, rewriting in enumerate(page.rewritings):
        job = CompareOwnJob(id="", position=position, own=page.source, rewriting=rewriting, activations=1, ids=page.ids)
        result = json.loads(compared(job.model_dump_json(), Context()))
        assert result["difference"] is not None, rewriting.other
        lines = rewriting.at_home.replace('"model.keras"', "file").replace('"other_style.keras"', "other")
        file, other = f"{home}/model.keras", f"{home}/other.keras"
        model.save(file)
        exec(lines, {"file": file, "other": other})
        assert keras.models.load_model(other).count_params() == model.count_params()
    return page


@pytest.mark.parametrize("name", [*MODELS, *ISSUES])
def test_page_and_library_say_the_same_of_realistic_models(name, tmp_path):
    made = {**MODELS, **ISSUES}[name]
    is_consistent(made(), tmp_path)


@settings(max_examples=40, phases=[Phase.generate])
@given(st.data())
def test_page_and_library_say_the_same_of_any_model(tmp_path_factory, data):
    is_consistent(graphs(data.draw), tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("masked", ["✓ as one output"]),
        ("shared", ["✓ yes", "✗ no"]),
        ("behind_dropout", ["✓ if cut apart"]),
        ("both_adds", ["✓ yes"]),
        ("time_distributed", ["✗ no", "✗ no"]),
        ("nested", ["✓ if cut apart"]),
    ],
)
def test_what_was_told_wrongly_once_is_told_right(name, answers):
    groups = found(ISSUES[name]()).groups
    assert [group.answer for group in groups] == answers
    assert not any(group.why.startswith("Not as one output: No other") for group in groups), "one has another reason"


def test_the_heads_of_a_model_of_any_size_are_found_without_its_weights():
    config = json.loads(MODELS["one_day"]().to_json())
    config["config"]["layers"][1]["config"]["units"] = 300_000
    page = Found.model_validate_json(found_in(json.dumps(config), Context()))
    assert page.parameters > 360_000_000_000
    assert not page.is_measured
    assert page.rewritings


def test_other_styles_have_a_bounded_number_of_layers_and_the_page_says_so():
    inputs = keras.Input((2,))
    page = found(keras.Model(inputs, layers.Dense(2_000)(inputs)))
    assert page.answer == "Yes, but the app does not write the other style."
    assert "would have more than 1,000 layers" in page.finding
    page = found(keras.Model(inputs, [layers.Dense(2)(inputs) for _ in range(60)]))
    assert page.rewritings[0].fuses
    assert 10 < len(page.rewritings) < 30


def test_a_long_chain_and_a_large_network_are_read():
    inputs = keras.Input((4,))
    x = inputs
    for _ in range(300):
        x = layers.Dense(4)(x)
    assert found(keras.Model(inputs, [layers.Dense(1, name=name)(x) for name in "ab"])).rewritings
    body = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(64, 64, 3), pooling="avg")
    heads = [layers.Dense(1, name=name)(body.output) for name in ("age", "height")]
    assert found(keras.Model(body.input, heads)).groups[0].answer == "✓ yes"


def test_a_file_of_keras_2_gets_the_line_that_converts_it():
    for version in ("keras_2", "keras_3_0"):
        config = {"class_name": "Sequential", "keras_version": "2.15.0", "config": {"layers": []}}
        if version == "keras_3_0":
            config = {"class_name": "Functional", "module": "keras.src.engine.functional", "config": {"layers": []}}
        with pytest.raises(JobRefused, match=r"load_model\(\"old.h5\"\)\.save"):
            found_in(json.dumps(config), Context())
