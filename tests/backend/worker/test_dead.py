"""Dead units: counted by NumPy as Keras computes them, and in the last epoch of each seed of a run."""

import keras
import numpy as np
import pytest

from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.experiment.url import read_query
from backend.jobs.runtime import Context
from backend.network.dead import dead_units
from backend.training.job import TrainJob
from backend.worker.build import build, weights_of
from backend.worker.train import train

BASE = {"samples": ["64"], "timesteps": ["3"], "lstm": ["4"], "epochs": ["2"]}


def experiment(**query):
    found, notices = read_query(BASE | {key: [value] for key, value in query.items()})
    assert not notices
    return found


@pytest.mark.parametrize("style", ["sequential", "functional"])
def test_they_are_those_whose_output_keras_gives_as_0(style):
    setting = experiment(dense="6:relu,5:gelu,7:relu")
    model = build(STYLES[style].write(setting.architecture), 3)
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)][:3]
    for layer, position in zip(layers, (1, 2, 4), strict=True):  # one unit of each is pushed below 0, or nearly
        kernel, bias = layer.get_weights()
        bias[position] -= 50
        layer.set_weights([kernel, bias])
    x = generate(setting.architecture, setting.sequences, setting.parts).x
    outputs = keras.Model(model.inputs, [layer.output for layer in layers])(x)
    expected = sum(int((np.asarray(outputs[i]) <= 0).all(axis=0).sum()) for i in (0, 2))
    assert dead_units(setting.architecture, weights_of(model), x) == expected >= 2


@pytest.mark.slow
def test_a_run_counts_them_after_the_last_epoch_of_each_seed():
    run = train(TrainJob(experiment=experiment(dense="6", right_dense="6:relu", seeds="2")), Context())
    assert [epoch.left.dead for epoch in run.epochs] == [None] * 4
    assert [epoch.right.dead is None for epoch in run.epochs] == [True, False, True, False]
    assert run.epochs[1].right.dead == dead_units(
        run.experiment.sides()[1].experiment.architecture,
        run.weights["right"],
        generate(run.experiment.architecture, run.experiment.sequences, run.experiment.parts).x[:51],
    )


@pytest.mark.slow
def test_those_of_each_side_are_counted_with_its_own_weights():
    run = train(TrainJob(experiment=experiment(dense="9:relu,9:relu", right_learning_rate="0.5", lstm="4")), Context())
    x = generate(run.experiment.architecture, run.experiment.sequences, run.experiment.parts).x[:51]
    expected = [dead_units(run.experiment.architecture, run.weights[side], x) for side in ("left", "right")]
    assert [run.epochs[-1].left.dead, run.epochs[-1].right.dead] == expected
    assert expected[0] != expected[1]
