"""One head becomes several."""

import keras
import pytest
from keras import layers

from tests.two_heads.models import data_for, two_outputs
from two_heads import fuse_heads, split_heads


def sequential(activation=None, compiled=False) -> keras.Model:
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(6, activation="relu"), layers.Dense(3, activation=activation, name="end")]
    )
    if compiled:
        model.compile(keras.optimizers.Adam(0.01), "mse", loss_weights=2.0, metrics=["mae"], run_eagerly=True)
    return model


@pytest.mark.slow
def test_training_goes_on_with_the_same_losses_and_back():
    keras.utils.set_random_seed(0)
    model = sequential(compiled=True)
    x, y = data_for(model)
    fit = {"epochs": 2, "batch_size": 8, "shuffle": False, "verbose": 0}
    model.fit(x, y, **fit)
    split = split_heads(model, units=[1, 2], names=["first", "rest"])
    assert split.loss_weights == pytest.approx([2 / 3, 4 / 3])
    back = fuse_heads(split.model, keep_outputs=False)
    expected = model.fit(x, y, **fit).history
    apart = split.model.fit(x, [y[:, :1], y[:, 1:]], **fit).history
    together = back.model.fit(x, y, **fit).history
    assert apart["loss"] == pytest.approx(expected["loss"], rel=1e-5)
    assert together["loss"] == pytest.approx(expected["loss"], rel=1e-5)
    assert "first_mae" in apart
    assert together.keys() == expected.keys()


@pytest.mark.parametrize(
    ("model", "settings", "sentence"),
    [
        (sequential, {"units": [1, 1]}, r"'end' has 3 units\. Its parts must be two or more"),
        (sequential, {"units": [3]}, "two or more whole numbers"),
        (sequential, {"units": [0, 3]}, "two or more whole numbers"),
        (sequential, {"units": [1.5, 1.5]}, "two or more whole numbers"),
        (sequential, {"units": ["1", "2"]}, "two or more whole numbers"),
        (sequential, {"names": ["a", "b"]}, "'end' becomes 3 heads, and there are 2 names"),
        (sequential, {"names": ["a", "b", "b"]}, "'b'? is used 2 times|name \"b\" is used 2"),
        (sequential, {"units": {"other": [1, 2]}}, "no head 'other'. Its heads are end"),
        (lambda: sequential("softmax"), {}, r"'end' cannot be split\. The activation of"),
        (lambda: keras.Sequential([keras.Input((2,)), layers.Dense(1)]), {}, "more than one unit"),
        (lambda: fuse_heads(two_outputs()).model, {"units": {"heads": [2, 2]}}, "is cut into its parts already"),
    ],
)
def test_what_cannot_be_split_has_a_sentence(model, settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        split_heads(model(), **settings)


def test_a_loss_over_all_units_cannot_be_parted():
    model = sequential()
    model.compile("sgd", "categorical_crossentropy")
    with pytest.raises(ValueError, match="The loss of 'end' is not known to be a mean over its units"):
        split_heads(model)
