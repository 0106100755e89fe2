"""The correlation of two heads' targets, for any numbers of units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.architecture import Architecture, Head
from backend.experiment.correlation import correlations, sequences_needed
from backend.experiment.dataset import Sequences, generate
from backend.experiment.sources import SYNTHETIC
from backend.experiment.tasks import tasks_of

EVERY_TASK = Architecture(heads=tuple(Head.for_task(name) for name in tasks_of(SYNTHETIC)))

units = st.integers(1, 16)
seeds = st.integers(0, 2**31 - 1)


def drawn(rng, samples, columns, classes):
    """Targets of numbers, or one-hot ones of classes."""
    if classes and columns > 1:
        return np.eye(columns, dtype=np.float32)[rng.integers(columns, size=samples)]
    return rng.normal(size=(samples, columns)).astype(np.float32)


@given(units, units, st.booleans(), st.integers(0, 600), seeds)
def test_unrelated_targets_of_any_size_have_a_correlation_near_0(one, other, classes, more, seed):
    rng = np.random.default_rng(seed)
    samples = max(32, sequences_needed(one, other)) + more
    found = [
        correlations({"one": drawn(rng, samples, one, classes), "other": drawn(rng, samples, other, not classes)})[0, 1]
        for _ in range(12)
    ]
    assert abs(np.mean(found)) < 1.6 / np.sqrt(samples)
    assert max(map(abs, found)) < 5 / np.sqrt(samples)


@given(units, st.booleans(), st.integers(0, 600), seeds)
def test_targets_that_differ_by_a_rotation_are_near_1(count, classes, more, seed):
    rng = np.random.default_rng(seed)
    one = drawn(rng, max(32, sequences_needed(count, count)) + more, count, classes)
    mixed = one if classes else one @ rng.normal(size=(count, count))
    assert correlations({"one": one, "same": one})[0, 1] > 0.999
    assert abs(correlations({"one": one, "mixed": mixed})[0, 1]) > 0.99


@given(st.integers(2, 16), units, st.floats(0, 3), seeds)
def test_the_order_and_scale_of_units_do_not_change_it(one, other, noise, seed):
    rng = np.random.default_rng(seed)
    left = rng.normal(size=(sequences_needed(one, other), one))
    right = left @ rng.normal(size=(one, other)) + noise * rng.normal(size=(len(left), other))
    before = correlations({"left": left, "right": right})
    after = correlations({"left": left[:, rng.permutation(one)] * 40, "right": right[:, rng.permutation(other)] / 7})
    np.testing.assert_allclose(before, after, atol=1e-6)


@given(units, units, st.integers(32, 400), seeds)
def test_fewer_than_ten_sequences_per_column_give_no_correlation(one, other, samples, seed):
    rng = np.random.default_rng(seed)
    table = correlations({"one": rng.normal(size=(samples, one)), "other": rng.normal(size=(samples, other))})
    assert np.isnan(table[0, 1]) == (one + other > 2 and samples < 10 * (one + other))
    np.testing.assert_array_equal(table, table.T)
    np.testing.assert_array_equal(np.diag(table), 1.0)


def test_single_units_correlate_as_pearson_says():
    y = generate(EVERY_TASK, Sequences(), ()).y
    table = correlations(y)
    names = list(y)
    i, j = names.index("level"), names.index("last")
    assert table[i, j] == pytest.approx(np.corrcoef(y["level"][:, 0], y["last"][:, 0])[0, 1], abs=1e-6)
    np.testing.assert_array_equal(table, table.T)
    np.testing.assert_array_equal(np.diag(table), 1.0)
    assert correlations({"up": y["level"], "down": -y["level"]})[0, 1] == pytest.approx(-1.0)


def test_a_class_head_correlates_through_its_one_hot_columns():
    """Against one number it is the correlation ratio: the share of variance between the classes, square-rooted."""
    rng = np.random.default_rng(0)
    label = rng.integers(3, size=600)
    number = np.array([0.0, 5.0, -2.0])[label] + rng.normal(size=600)
    between = sum((label == k).mean() * (number[label == k].mean() - number.mean()) ** 2 for k in range(3))
    table = correlations({"class": np.eye(3)[label], "number": number[:, None]})
    assert table[0, 1] == pytest.approx(np.sqrt(between / number.var()), abs=0.01)


def test_a_constant_target_has_correlation_0():
    y = {"still": np.ones((50, 1)), "moving": np.arange(50.0)[:, None], "class": np.eye(2)[np.zeros(50, int)]}
    np.testing.assert_array_equal(correlations(y), np.eye(3))
