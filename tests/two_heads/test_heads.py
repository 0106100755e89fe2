"""Which heads a model has, and why some of them cannot be one layer."""

import keras
import pytest
from keras import layers

from tests.two_heads.models import two_outputs
from two_heads import Heads, find_heads, fuse_heads


def heads_on(*made: layers.Layer, shape=(4,), trunk=None) -> keras.Model:
    x = keras.Input(shape, name="x")
    read = trunk(x) if trunk else x
    return keras.Model(x, [layer(read) for layer in made])


def reasons(model: keras.Model, **settings: bool) -> list[str | None]:
    return [each.reason for each in find_heads(model, **settings)]


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"use_bias": False}, "use of a bias"),
        ({"kernel_regularizer": "l2"}, "kernel regularizer"),
        ({"bias_regularizer": "l1"}, "bias regularizer"),
        ({"kernel_constraint": "non_neg"}, "kernel constraint"),
        ({"dtype": "float64"}, "dtype policy"),
        ({"trainable": False}, "trainable flag"),
    ],
)
def test_heads_that_differ_in_what_a_layer_has_once_stay_apart(settings, word):
    first, second = find_heads(two_outputs(**settings))
    assert first.reason == f"'a' and 'b' differ in their {word}."
    assert second.reason == f"'b' and 'a' differ in their {word}."
    with pytest.raises(ValueError, match=rf"No heads of the model .* 'a' and 'b' differ in their {word}"):
        fuse_heads(two_outputs(**settings))


class Mine(layers.Dense):
    pass


@pytest.mark.parametrize(
    ("made", "start"),
    [
        (lambda: Mine(2, name="b"), "'b' is of class Mine. Only"),
        (lambda: layers.LSTM(2, name="b"), "'b' is of class LSTM. Only"),
        (
            lambda: layers.TimeDistributed(layers.Dense(2), name="b"),
            "'b' is of class TimeDistributed. Only",
        ),
        (lambda: layers.Dense(2, name="b", activation=layers.PReLU()), "'b' has a layer, PReLU, as its activation"),
        (
            lambda: layers.Dense(2, name="b", kernel_regularizer="orthogonal_regularizer"),
            "'b' has the kernel regularizer",
        ),
        (lambda: layers.Dense(2, name="b", bias_constraint="max_norm"), "'b' has the bias constraint MaxNorm"),
        (lambda: layers.Conv1D(2, 3, groups=2, name="b"), "'b' has its filters in 2 groups"),
        (lambda: keras.Sequential([layers.Dense(2)], name="b"), "'b' is a model of its own"),
    ],
)
def test_what_cannot_be_a_part_of_a_layer_has_a_sentence(made, start):
    model = heads_on(layers.Dense(1, name="a"), made(), layers.Dense(1, name="c"), shape=(6, 4))
    found = {each.layers: each.reason for each in find_heads(model)}
    assert found["a", "c"] is None
    assert found[("b",)].startswith(start)


def test_heads_inside_of_a_nested_model_are_found():
    x = keras.Input((4,), name="x")
    inner = two_outputs()
    inner.name = "inner"
    model = keras.Model(x, inner(layers.Dense(4)(x)))
    assert find_heads(model) == [Heads(("inner/a", "inner/b"), (1, 3), "trunk", None)]
    assert reasons(model, keep_outputs=False) == ["The heads are inside of the model 'inner'."]
    assert len(fuse_heads(model).model.get_layer("inner").weights) == len(inner.weights) - 2


def test_losses_that_differ_cannot_be_one():
    model = two_outputs()
    model.compile("sgd", ["mse", "mae"])
    assert reasons(model) == [None]
    assert reasons(model, keep_outputs=False) == ["'a' and 'b' differ in their losses."]
    model.compile("sgd", "categorical_crossentropy")
    assert reasons(model, keep_outputs=False)[0].startswith("The loss of 'a' is not known to be a mean over the units")
    model.compile("sgd", "mse")
    assert reasons(model, keep_outputs=False) == [
        "A unit of 'a' counts 1 in the total loss and one of 'b' 0.333. One output counts all alike."
    ]
    model.compile("sgd", ["mse", "mse"], loss_weights=[1, 3])
    assert reasons(model, keep_outputs=False) == [None]


class Subclassed(keras.Model):
    def call(self, x):
        return x


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (lambda: Subclassed(name="mine"), "'mine' is of class Subclassed. Only Functional and Sequential"),
        (lambda: keras.Sequential([layers.Dense(2)], name="open"), "'open' has no input shape yet"),
    ],
)
def test_a_model_without_a_readable_graph_is_refused(model, sentence):
    with pytest.raises(ValueError, match=sentence):
        find_heads(model())


def test_weights_that_two_layers_have_in_common_are_refused():
    base = keras.Sequential([keras.Input((4,)), layers.Dense(3, name="d")], name="base")
    x = keras.Input((4,))
    model = keras.Model(x, [layers.Dense(1)(base(x)), layers.Dense(1)(base.get_layer("d")(x))])
    with pytest.raises(ValueError, match=r"'(base|d)' and '(base|d)' have weights in common"):
        find_heads(model)
