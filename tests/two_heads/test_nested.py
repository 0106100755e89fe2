"""Heads inside nested models are fused and split like others."""

import keras
import numpy as np
import pytest
from keras import layers

from tests.two_heads.models import data_for, outputs
from two_heads import find_heads, fuse_heads, split_heads


def nested(units: int, structure: str = "list", deep: bool = False, **of_h2) -> keras.Model:
    """Heads h1 and h2 in a model "body", which is inside of another one, "deep", or not."""
    x = keras.Input((4,))
    t = layers.Dense(5, name="t")(x)
    ends = [layers.Dense(units, name="h1")(t), layers.Dense(units + 1, name="h2", **of_h2)(t)]
    body = keras.Model(x, dict(zip("pq", ends, strict=True)) if structure == "dict" else ends, name="body")
    if deep:
        x = keras.Input((4,))
        body = keras.Model(x, body(layers.Dense(4)(x)), name="deep")
    x = keras.Input((4,), name="x")
    return keras.Model(x, body(layers.Dense(4)(x), training=False), name="outer")


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("structure", ["list", "dict"])
@pytest.mark.parametrize("units", [1, 2])
def test_splitting_undoes_fusing_and_takes_the_names_of_found_heads(units, structure, deep, tmp_path):
    model = nested(units, structure, deep)
    x, _ = data_for(model)
    back = split_heads(fuse_heads(model).model).model
    assert find_heads(back) == find_heads(model)
    for one, other in zip(outputs(model, x), outputs(back, x), strict=True):
        np.testing.assert_array_equal(one, other)

    head = find_heads(model)[0].layers[1]
    split = split_heads(model, units={head: np.array([1, units])}, names={head: ["u", "v"]})
    split.model.save(tmp_path / "model.keras")
    new = keras.models.load_model(tmp_path / "model.keras")
    first, old = outputs(model, x)
    if structure == "dict":
        assert split.loss_weights == pytest.approx({"p": 1, "u": 1 / (units + 1), "v": units / (units + 1)})
        results = new(x)
        found = [results[name] for name in "puv"]
    else:
        found = new(x)
    np.testing.assert_allclose(found[0], first, atol=1e-5)
    np.testing.assert_allclose(np.concatenate(found[1:], axis=1), old, atol=1e-5)


@pytest.mark.slow
def test_a_split_nested_head_is_compiled_and_trains_on():
    keras.utils.set_random_seed(0)
    model = nested(2, "dict")
    model.compile("adam", {"p": "mse", "q": "mse"}, loss_weights={"p": 1, "q": 3})
    x, y = data_for(model)
    fit = {"epochs": 2, "batch_size": 8, "shuffle": False, "verbose": 0}
    model.fit(x, y, **fit)
    split = split_heads(model, units={"body/h2": [1, 2]}, names={"body/h2": ["u", "v"]}).model
    apart = split.fit(x, {"p": y["p"], "u": y["q"][:, :1], "v": y["q"][:, 1:]}, **fit).history["loss"]
    assert apart == pytest.approx(model.fit(x, y, **fit).history["loss"], rel=1e-5)


def called_twice() -> keras.Model:
    body = nested(1).get_layer("body")
    x = keras.Input((4,))
    return keras.Model(x, [*body(x), *body(-x)])


def several_wide() -> keras.Model:
    x = keras.Input((4,))
    return keras.Model(x, [layers.Dense(3, "softmax", name="kind")(x), layers.Dense(2, name="tags")(x)])


def taken() -> keras.Model:
    x = keras.Input((4,))
    return keras.Model(x, {"a": layers.Dense(2, name="wide")(x), "wide_1": layers.Dense(1, name="narrow")(x)})


@pytest.mark.parametrize(
    ("model", "settings", "sentence"),
    [
        (called_twice, {"units": {"body/h2": [1, 1]}}, r"'body/h2' cannot be split\. 'body' is called 2 times"),
        (lambda: nested(1, activation="softmax"), {}, r"'body/h2' cannot be split\. The activation of"),
        (lambda: nested(1), {"units": {"h2": [1, 1]}}, r"no head 'h2'\. Its heads are body/h1, body/h2"),
        (several_wide, {}, r"'kind' cannot be .*elementwise"),
        (several_wide, {"units": {"tags": 2}}, "two or more whole numbers"),
        (taken, {}, "Two outputs would be called 'wide_1'"),
    ],
)
def test_what_cannot_be_split_has_a_sentence(model, settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        split_heads(model(), **settings)


def test_one_of_several_heads_is_split():
    assert [each.shape[-1] for each in split_heads(several_wide(), units={"tags": [1, 1]}).model.output] == [3, 1, 1]


def test_heads_of_several_results_of_a_layer_are_alone_at_each():
    x = keras.Input((5, 3))
    results = layers.LSTM(4, return_state=True, name="lstm")(x)
    model = keras.Model(x, [layers.Dense(1, name=f"h{i}")(each) for i, each in enumerate(results)])
    reasons = [each.reason for each in find_heads(model)]
    assert reasons == [f"No other head reads the same result of 'lstm' as 'h{i}'." for i in range(3)]
