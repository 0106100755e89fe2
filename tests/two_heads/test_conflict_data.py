"""What GradientConflict measures on, and its history in words."""

import itertools
import math
import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.two_heads.models import data_for, two_outputs
from two_heads import GradientConflict

ROWS = 24


def compiled(**settings) -> keras.Model:
    keras.utils.set_random_seed(0)
    model = two_outputs()
    model.compile(keras.optimizers.SGD(0.01), "mse", **settings)
    return model


class Batches(keras.utils.PyDataset):
    def __init__(self, x, y, size=10):
        super().__init__()
        self.x, self.y, self.size = x, y, size

    def __len__(self):
        return math.ceil(len(self.x) / self.size)

    def __getitem__(self, i):
        part = slice(i * self.size, (i + 1) * self.size)
        return self.x[part], tuple(each[part] for each in self.y)


def as_dataset(x, y, size=7):
    return tf.data.Dataset.from_tensor_slices((x, tuple(y))).batch(size)


@pytest.mark.slow
def test_data_sets_and_generators_give_the_figures_of_their_arrays():
    x, y = data_for(two_outputs(), ROWS)
    batches = Batches(x, y)
    found = []
    for given in ([x, y], [as_dataset(x, y)], [batches], [iter([batches[i] for i in range(3)])]):
        measured = GradientConflict(*given)
        compiled().fit(x, y, epochs=1, verbose=0, callbacks=[measured])
        found.append(measured.history)
    assert found[1:] == found[:1] * 3


def test_an_endless_generator_is_read_up_to_a_bound():
    x, y = data_for(two_outputs(), 100)
    asked = itertools.count()
    GradientConflict((x, tuple(y)) for _ in asked)
    assert next(asked) == 11


X = np.random.default_rng(0).normal(size=(ROWS, 4))
Y = [X[:, :1], X[:, 1:]]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (lambda: [X], "needs the targets beside the inputs. Pass arrays x and y, or a data set"),
        (lambda: [tf.data.Dataset.from_tensor_slices(X).batch(8)], "needs the targets beside the inputs"),
        (lambda: [as_dataset(X, Y).unbatch()], "element, which has to be a batch, have 1 and 3 and 4 rows"),
        (lambda: [iter(())], "has no elements"),
    ],
)
def test_what_does_not_fit_has_a_sentence(given, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        compiled().fit(X, Y, verbose=0, callbacks=[GradientConflict(*given())])


def pair(heads: str, cosine: float | None, ratio: float = 0.5, rate: float = 0.75) -> dict:
    return {"heads": list(heads), "cosine": cosine, "length_ratio": ratio, "conflict_rate": rate}


def test_the_summary_says_the_history_in_words():
    measured = GradientConflict(X, Y, batch_size=2)
    for method in (measured.summary, measured.plot):
        with pytest.raises(ValueError, match="Nothing was measured yet"):
            method()
    start = [pair("ab", 0.9), pair("ac", 0.9), pair("bc", 0.9), pair("bd", 0.9)]
    later = [pair("ab", 0.2, 4), pair("ac", -0.3), pair("bc", None), pair("bd", -0.1, 2, 0.5)]
    last = [pair("ab", 0.4, 1), pair("ac", -0.5), pair("bc", None), pair("bd", 0.1, 2, 0.25)]
    measured.history = [{"epoch": i, "pairs": pairs} for i, pairs in enumerate((start, later, last))]
    first, ac, bd, ab, bc = measured.summary().splitlines()
    assert first == "The gradients were measured 2 times after the start, on 24 rows in 12 batches."
    assert ac.startswith("'a' and 'c' conflict: ")
    assert "below 0 at 2 of 2 measurements (mean −0.40), and they conflicted in 75% of the batches" in ac
    assert ac.endswith("The gradient of 'a' was 2 times as long as that of 'c'.")
    assert bd.startswith("'b' and 'd' conflict at times: ")
    assert "at 1 of 2 measurements (mean 0.00), and they conflicted in 38% of" in bd
    assert ab.startswith("'a' and 'b' do not conflict: ")
    assert "The gradient of 'b' was 2 times" in ab
    assert bc == "'b' and 'c': these data cannot tell, because a gradient was zero or not finite."
    measured.history = measured.history[:1]
    assert measured.summary().startswith("The gradients were measured only at the start")
    assert [line.name for line in measured.plot().data] == ["a and b", "a and c", "b and c", "b and d"]
