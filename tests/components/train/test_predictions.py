"""The charts of predictions: small, with the scores and the words that fit them."""

import base64
import json

import numpy as np
import plotly.graph_objects as go
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.training.frames import MISSING, quantize
from backend.training.result import Predictions, Run, Snapshot, Timings
from components.charts.figure import SerializedFigure
from components.train.predictions import figure

KINDS = (
    Head.for_task("level", name="number"),
    Head.for_task("spike", name="yes_no"),
    Head.for_task("waveform", name="shape", units=3),
)


def task(**changes):
    return Head.for_task(changes.pop("task", "level"), name="h", **changes)


def column(*values):
    return np.array(values)[:, None]


def run(heads, truth, *frames, styles=("sequential", "functional"), experiment=None):
    """A run whose `frames` are pairs of the left and the right predictions of each head: head → (n, units)."""
    experiment = experiment or Experiment(
        architecture=Architecture(timesteps=16, heads=heads), left=styles[0], right=styles[1]
    )
    snapshots = [
        Snapshot(epoch=i, left={}, right={}, predictions={"left": left, "right": right})
        for i, (left, right) in enumerate(frames)
    ]
    last = snapshots[-1].predictions
    return Run(
        experiment=experiment,
        styles=styles,
        epochs=[],
        snapshots=snapshots,
        predictions=Predictions(truth=truth, left=last["left"], right=last["right"]),
        weights={},
        timings=Timings(build=0, trace=0, train=0, step=0, steps=0, traced=0),
        versions={},
    )


def drawn(head, truth, *frames, **how):
    """The figure of the one task of a run with one head."""
    return figure(run((head,), {"h": truth}, *(({"h": left}, {"h": right}) for left, right in frames), **how), 0)


def codes(trace):
    return list(base64.b64decode(trace.meta))


def test_each_style_has_its_points_and_the_title_has_its_score():
    found = drawn(task(label="a_b"), column(1, 2, 3), (column(2, 2, 2), column(3, 2, 1)), (column(1, 2, 3),) * 2)
    left, right = found.data
    low, high = found.layout.yaxis.range
    assert found.layout.xaxis.range == (low, high)
    assert codes(left) == quantize(np.array([2, 2, 2, 1, 2, 3]), low, high).tolist()
    assert codes(right) == quantize(np.array([3, 2, 1, 1, 2, 3]), low, high).tolist()
    assert left.y == pytest.approx([1, 2, 3], abs=0.02), "after the last epoch"
    assert found.layout.meta.endswith(r"a\_b, R² after epoch 1: Sequential 1.000, Functional 1.000")
    go.Figure(found.to_dict())  # Plotly's own validation


def test_styles_that_agree_share_points_and_a_note_says_how_far_they_differ():
    near = column(1, 2, 3.001)
    found = drawn(task(), column(1, 2, 3), (column(1, 2, 3),) * 2, (column(1, 2, 3), near))
    assert len(found.data) == 1
    assert found.layout.annotations[0].text.endswith("both sides, within 0.05% of the range")


def test_a_point_of_classes_stands_in_the_cell_of_its_target_and_its_prediction():
    truth, right = np.eye(3)[[0, 1, 2, 2]], np.eye(3)[[0, 1, 1, 2]]
    found = drawn(task(task="waveform", units=3), truth, (truth, right))
    assert [np.round(trace.x).tolist() for trace in found.data] == [[0, 1, 2, 2]] * 2
    assert [np.round(trace.y).tolist() for trace in found.data] == [[0, 1, 2, 2], [0, 1, 1, 2]]
    assert found.layout.meta.endswith("accuracy after epoch 0: Sequential 100%, Functional 75%")


def test_a_prediction_that_is_no_number_is_not_drawn():
    nan = float("nan")
    found = drawn(task(), column(1, 2, 3), (column(1, nan, 3), column(1, 2, 3)))
    assert codes(found.data[0])[1] == MISSING
    assert found.data[0].y[1] < found.layout.yaxis.range[0]


def test_all_epochs_of_a_long_run_with_three_kinds_of_tasks_are_small():
    rng = np.random.default_rng(0)
    units = {head.name: head.units for head in KINDS}
    values = lambda: {name: rng.normal(size=(128, size)) for name, size in units.items()}  # noqa: E731
    found = run(KINDS, values(), *((values(), values()) for _ in range(50)))
    figures = [figure(found, position) for position in range(3)]
    assert all(len(each.data) == 2 for each in figures)
    assert sum(len(json.dumps(SerializedFigure(each).to_dict())) for each in figures) < 75_000
