"""What the browser draws of the predictions: small, with the scores and the words that fit them."""

import base64
import json

import numpy as np
import pytest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.training.frames import TaskFrames, quantize
from backend.training.result import Predictions, Run, Snapshot, Timings
from components.train.predictions import data

KINDS = (
    Head.for_task("level", name="number"),
    Head.for_task("spike", name="yes_no"),
    Head.for_task("waveform", name="shape", units=3),
)
NAMES = iter(range(1000))


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
    """The one task of a run with one head."""
    found = run((head,), {"h": truth}, *(({"h": left}, {"h": right}) for left, right in frames), **how)
    return data(f"run {next(NAMES)}", found, 1)["tasks"][0]


def test_two_panels_have_one_axis_and_each_style_s_score():
    found = drawn(task(label="a_b <i>"), column(1, 2, 3), (column(2, 2, 2), column(3, 2, 1)), (column(1, 2, 3),) * 2)
    assert not found["agree"]
    assert found["title"] == "a_b <i>", "the browser draws it as text"
    assert found["scores"] == [["0.000", "1.000"], ["−3.000", "1.000"]]
    low, high = found["axis"]
    left, right = (np.frombuffer(base64.b64decode(side), np.uint8) for side in found["sides"])
    assert left.tolist() == quantize(np.array([2, 2, 2, 1, 2, 3]), low, high).tolist()
    assert right.tolist() == quantize(np.array([3, 2, 1, 1, 2, 3]), low, high).tolist()
    assert found["alt"] == (
        "a_b <i>: a scatter of targets and predictions. After epoch 1: R² Sequential 1.000, Functional 1.000."
    )


def test_styles_that_agree_share_a_panel_and_the_difference_is_in_words():
    near = column(1, 2, 3.001)
    found = drawn(task(), column(1, 2, 3), (column(1, 2, 3),) * 2, (column(1, 2, 3), near))
    assert found["agree"]
    assert len(found["sides"]) == 1
    assert found["difference"] == pytest.approx([0, 0.05], rel=1e-3)
    assert found["words"] == (
        "Sequential and Functional agree: their predictions differ by at most 0.05% of the targets' range."
    )
    assert found["alt"].endswith(found["words"])


def test_classes_are_sent_as_one_byte_each():
    truth, right = np.eye(3)[[0, 1, 2, 2]], np.eye(3)[[0, 1, 1, 2]]
    found = drawn(task(task="waveform", units=3), truth, (truth, right))
    assert [list(base64.b64decode(side)) for side in found["sides"]] == [[0, 1, 2, 2], [0, 1, 1, 2]]
    assert (found["classes"], found["scores"]) == (3, [["100%"], ["75%"]])


def test_all_epochs_of_a_long_run_with_three_kinds_of_tasks_are_small():
    rng = np.random.default_rng(0)
    units = {head.name: head.units for head in KINDS}
    values = lambda: {name: rng.normal(size=(128, size)) for name, size in units.items()}  # noqa: E731
    found = data("long", run(KINDS, values(), *((values(), values()) for _ in range(50))), 3)
    assert not any(each["agree"] for each in found["tasks"]), "two panels each"
    assert len(json.dumps(found)) < 60_000


def test_a_run_without_predictions_by_epoch_has_no_pictures():
    found = run((task(),), {"h": column(1)}, ({"h": column(1)}, {"h": column(1)}))
    found.snapshots[0].predictions = {}
    assert TaskFrames.of(found, task()) is None
    assert data("none", found, 1)["tasks"] == []
