"""The correlation of two heads' targets, for any numbers of units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment.correlation import correlations, sequences_needed

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


@given(units, units, st.integers(32, 400), seeds)
def test_fewer_than_ten_sequences_per_column_give_no_correlation(one, other, samples, seed):
    rng = np.random.default_rng(seed)
    table = correlations({"one": rng.normal(size=(samples, one)), "other": rng.normal(size=(samples, other))})
    assert np.isnan(table[0, 1]) == (one + other > 2 and samples < 10 * (one + other))
    np.testing.assert_array_equal(table, table.T)
    np.testing.assert_array_equal(np.diag(table), 1.0)


def test_single_units_correlate_as_pearson_says():
    one = np.random.default_rng(0).normal(size=(100, 1))
    other = one + np.random.default_rng(1).normal(size=(100, 1))
    found = correlations({"one": one, "other": other, "down": -one})
    assert found[0, 1] == pytest.approx(np.corrcoef(one[:, 0], other[:, 0])[0, 1], abs=1e-6)
    assert found[0, 2] == pytest.approx(-1.0)


def test_a_class_head_correlates_through_its_one_hot_columns():
    """Against one number it is the correlation ratio: the share of variance between the classes, square-rooted."""
    rng = np.random.default_rng(0)
    label = rng.integers(3, size=600)
    number = np.array([0.0, 5.0, -2.0])[label] + rng.normal(size=600)
    between = sum((label == k).mean() * (number[label == k].mean() - number.mean()) ** 2 for k in range(3))
    table = correlations({"class": np.eye(3)[label], "number": number[:, None]})
    assert table[0, 1] == pytest.approx(np.sqrt(between / number.var()), abs=0.01)
