"""R² and both accuracies on values worked out by hand."""

import math

import numpy as np
import pytest

from backend.statistics.scores import binary_accuracy, categorical_accuracy, r2


def column(*values):
    return np.array(values, np.float32)[:, None]


def test_r2_is_1_for_the_truth_0_for_its_mean_and_negative_for_worse():
    truth = column(1, 2, 3)
    assert r2(truth, truth) == 1
    assert r2(column(2, 2, 2), truth) == 0
    assert r2(column(3, 2, 1), truth) == -3


def test_r2_adds_up_the_variance_of_all_units():
    truth = np.array([[0.0, 0.0], [2.0, 4.0]])
    assert r2(truth + np.array([[1, 0], [0, 0]]), truth) == pytest.approx(1 - 1 / 10)


def test_r2_is_nan_where_the_truth_does_not_vary():
    assert math.isnan(r2(column(1, 2), column(1, 1)))


def test_binary_accuracy_counts_each_unit_by_itself():
    assert binary_accuracy(column(0.2, 0.9, 0.4, 0.1), column(0, 1, 1, 0)) == 0.75
    assert binary_accuracy(np.array([[0.9, 0.9], [0.1, 0.9]]), np.array([[1, 0], [0, 1]])) == 0.75


def test_categorical_accuracy_compares_the_largest_prediction():
    assert categorical_accuracy(np.array([[3.0, 1.0], [0.0, 2.0]]), np.array([[1.0, 0.0], [1.0, 0.0]])) == 0.5
