"""Predictions against truth: the chart fits the task, and its title is the score of both styles."""

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


def test_numbers_are_a_scatter_about_the_diagonal():
    found = predictions(column(1, 2, 3), column(1, 2, 3), column(2, 2, 2))
    chart = figure(found, STYLES, head("mean", label="a_b"), 0)
    assert chart.layout.meta == r"a\_b: R² 1.00 and 0.00"
    diagonal, left, right = chart.data
    assert (list(diagonal.x), list(diagonal.y)) == ([1, 3], [1, 3])
    assert (left.name, list(left.x), list(left.y)) == ("Sequential", [1, 2, 3], [1, 2, 3])
    assert list(right.y) == [2, 2, 2]
    assert left.marker.symbol != right.marker.symbol


def test_the_mean_of_the_truth_explains_nothing_and_worse_is_negative():
    found = predictions(column(1, 2, 3), column(2, 2, 2), column(3, 2, 1))
    assert score(found, "left", head("mean")) == 0
    assert score(found, "right", head("mean")) == -3


def test_where_the_truth_does_not_vary_there_is_no_r2_to_state():
    found = predictions(column(1), column(1), column(2))
    assert figure(found, STYLES, head("mean"), 0).layout.meta == "h"


def test_yes_or_no_is_two_strips_and_a_threshold():
    found = predictions(column(0, 1, 1, 0), column(0.2, 0.9, 0.4, 0.1), column(0.6, 0.9, 0.8, 0.7))
    chart = figure(found, STYLES, head("spike"), 1)
    assert chart.layout.meta == "h: 75% and 50% right"
    left, right = chart.data
    assert np.round(np.asarray(left.x) + 0.18).tolist() == [0, 1, 1, 0], "near its truth, beside the other style"
    assert np.all(np.asarray(left.x) < np.asarray(right.x))
    assert [line.y0 for line in chart.layout.shapes] == [0.5]


def test_classes_are_a_confusion_matrix_a_style():
    truth, right = np.eye(3)[[0, 1, 2, 2]], np.eye(3)[[0, 1, 1, 2]]
    chart = figure(predictions(truth, truth, right), STYLES, head("waveform", units=3), 0)
    assert chart.layout.meta == "h: 100% and 75% right"
    first, second = (np.asarray(heatmap.z) for heatmap in chart.data)
    assert np.array_equal(first, np.diag([1, 1, 2]))
    assert second[2, 1] == 1, "rows are the truth, columns the prediction"
    assert second.sum() == 4


@pytest.mark.parametrize("task", ["mean", "spike", "waveform"])
def test_every_chart_has_one_height(task):
    plain = head(task)
    values = np.eye(plain.units)[[0, 0]] if plain.units > 1 else column(0, 1)
    chart = figure(predictions(values, values, values), STYLES, plain, 0)
    assert chart.layout.height == 270


@pytest.mark.parametrize(("validation", "samples", "held_out"), [(0.2, 32, True), (0, 32, False), (0.01, 32, False)])
def test_held_out_is_said_where_a_sequence_was(validation, samples, held_out):
    experiment = Experiment(sequences=Sequences(samples=samples), training=Training(validation=validation))
    assert ("held out" in heading(experiment)) == held_out
    assert ("training set" in heading(experiment)) != held_out
