"""A training of two settings: each side is, to the bit, what a training with its settings alone is."""

import pytest

from backend.experiment.url import read_query
from backend.jobs.runtime import Context
from backend.training.job import TrainJob
from backend.worker.train import train
from tests.backend.worker.trainings import same_weights

#: SGD takes least time to trace.
BASE = {"optimizer": "sgd", "lstm": "4", "samples": "96", "epochs": "2", "timesteps": "2", "left": "functional"}


def trained(**query):
    experiment, notices = read_query({key: [value] for key, value in query.items()})
    assert not notices
    return train(TrainJob(experiment=experiment), Context())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "left", "right"),
    [
        ("combine", "sum", "mean"),
        pytest.param("batch", "8", "24", marks=pytest.mark.soak),
        pytest.param("optimizer", "adam", "sgd", marks=pytest.mark.soak),
        ("dense", "8", "8:relu"),
    ],
)
def test_each_side_has_the_bits_of_a_training_with_its_settings(setting, left, right):
    both = trained(**BASE | {setting: left, f"right_{setting}": right})
    assert both.styles == (f"{setting}={left}", f"{setting}={right}")
    for side, value in (("left", left), ("right", right)):
        alone = trained(**BASE | {setting: value})
        assert [getattr(epoch, side) for epoch in both.epochs] == [epoch.right for epoch in alone.epochs]
        assert same_weights(both.weights[side], alone.weights["right"])
    assert both.epochs[-1].left != both.epochs[-1].right
