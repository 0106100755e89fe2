"""Dead units: counted by NumPy as Keras computes them, and in the last epoch of each seed of a run."""

import keras
import numpy as np
import pytest

from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.experiment.url import read_query
from backend.network.dead import dead_units
from backend.worker.build import build, weights_of

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
