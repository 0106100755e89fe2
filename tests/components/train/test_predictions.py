"""Predictions against targets: the chart fits the task, and its title names the score of each style."""

import numpy as np
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Head
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.training.result import Predictions
from components.train.predictions import figure, heading, score

STYLES = ("sequential", "functional")


def predictions(truth, left, right):
    arrays = [np.asarray(values, np.float32) for values in (truth, left, right)]
    return Predictions(**{name: {"h": array} for name, array in zip(("truth", "left", "right"), arrays, strict=True)})


def head(task, **changes):
    return Head.for_task(task, name="h", **changes)


def column(*values):
    return np.array(values)[:, None]


def test_a_regression_head_is_a_scatter_around_the_diagonal():
    found = predictions(column(1, 2, 3), column(1, 2, 3), column(2, 2, 2))
    chart = figure(found, STYLES, head("mean", label="a_b"), 0)
    assert chart.layout.meta == r"a\_b · R²: Sequential 1.00, Functional 0.00"
    diagonal, left, right = chart.data
    assert (list(diagonal.x), list(diagonal.y)) == ([1, 3], [1, 3])
    assert (left.name, list(left.x), list(left.y)) == ("Sequential", [1, 2, 3], [1, 2, 3])
    assert list(right.y) == [2, 2, 2]
    assert left.marker.symbol != right.marker.symbol


def test_r2_of_the_mean_is_0_and_of_worse_predictions_negative():
    found = predictions(column(1, 2, 3), column(2, 2, 2), column(3, 2, 1))
    assert score(found, "left", head("mean")) == 0
    assert score(found, "right", head("mean")) == -3


def test_the_same_style_on_both_sides_is_named_by_side():
    found = predictions(column(1, 2, 3), column(1, 2, 3), column(2, 2, 2))
    title = figure(found, ("functional", "functional"), head("mean"), 0).layout.meta
    assert title == "h · R²: Functional (left) 1.00, Functional (right) 0.00"


def test_a_very_bad_r2_is_shortened():
    found = predictions(column(1, 2, 3), column(1e6, 2, 3), column(2, 2, 2))
    assert figure(found, STYLES, head("mean"), 0).layout.meta.startswith("h · R²: Sequential -5.00 × 10¹¹, ")


def test_targets_without_variance_have_no_r2():
    found = predictions(column(1), column(1), column(2))
    assert figure(found, STYLES, head("mean"), 0).layout.meta == "h"


def test_a_binary_head_is_two_strips_and_a_threshold():
    found = predictions(column(0, 1, 1, 0), column(0.2, 0.9, 0.4, 0.1), column(0.6, 0.9, 0.8, 0.7))
    chart = figure(found, STYLES, head("spike"), 1)
    assert chart.layout.meta == "h · accuracy: Sequential 75%, Functional 50%"
    left, right = chart.data
    assert np.round(np.asarray(left.x) + 0.18).tolist() == [0, 1, 1, 0], "near its target, beside the other style"
    assert np.all(np.asarray(left.x) < np.asarray(right.x))
    assert [line.y0 for line in chart.layout.shapes] == [0.5]


def test_a_class_head_is_one_confusion_matrix_per_style():
    truth, right = np.eye(3)[[0, 1, 2, 2]], np.eye(3)[[0, 1, 1, 2]]
    chart = figure(predictions(truth, truth, right), STYLES, head("waveform", units=3), 0)
    assert chart.layout.meta == "h · accuracy: Sequential 100%, Functional 75%"
    first, second = (np.asarray(heatmap.z) for heatmap in chart.data)
    assert np.array_equal(first, np.diag([1, 1, 2]))
    assert second[2, 1] == 1, "rows are targets, columns are predictions"
    assert second.sum() == 4


@pytest.mark.parametrize("task", ["mean", "spike", "waveform"])
def test_all_charts_have_the_same_height(task):
    plain = head(task)
    values = np.eye(plain.units)[[0, 0]] if plain.units > 1 else column(0, 1)
    chart = figure(predictions(values, values, values), STYLES, plain, 0)
    assert chart.layout.height == 270


@pytest.mark.parametrize(("validation", "samples", "held_out"), [(0.2, 32, True), (0, 32, False), (0.01, 32, False)])
def test_the_heading_says_on_which_sequences_the_styles_predict(validation, samples, held_out):
    experiment = Experiment(sequences=Sequences(samples=samples), training=Training(validation=validation))
    assert ("validation sequences" in heading(experiment)) == held_out
    assert ("training sequences" in heading(experiment)) != held_out
