"""Descent on a problem: the optimizer's steps, the runs beside each other, and what is recorded."""

import numpy as np
import pytest

from backend.lab.descent import aggregator, run, scalarizer
from backend.lab.problems import PROBLEMS
from backend.lab.steps import adam
from two_heads.weightings import AGGREGATORS, SCALARIZERS

FAMO, NEURON = PROBLEMS["famo_toy"], PROBLEMS["one_neuron"]
#: DWA moves at the end of an epoch, which a descent without data does not have.
METHODS = [aggregator(key) for key in AGGREGATORS] + [scalarizer(key) for key in SCALARIZERS if key != "dwa"]


@pytest.mark.slow
def test_adam_moves_as_in_keras():
    import keras

    gradients = np.random.default_rng(0).normal(size=(40, 3)) * [1e-6, 1, 1e3]
    optimizer, x = keras.optimizers.Adam(0.01), np.zeros(3)
    variable, moments = keras.Variable(np.zeros(3), dtype="float64"), np.zeros((2, 3))
    for step, gradient in enumerate(gradients, start=1):
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        x = x + adam(gradient, moments, step, 0.01)
    assert x == pytest.approx(np.asarray(variable), rel=1e-5)  # Keras's rate is in float32


@pytest.mark.slow
@pytest.mark.parametrize("entry", METHODS, ids=lambda each: f"{type(each.method).__name__} {each.method.key}")
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_every_method_runs_and_the_runs_do_not_disturb_each_other(entry, optimizer):
    for problem in (FAMO, NEURON):
        alone = [
            run(problem, {"it": entry}, optimizer=optimizer, rate=1e-3, steps=20, start=problem.start()[:, [i]])["it"]
            for i in range(5)
        ]
        beside = run(problem, {"mean": aggregator("mean"), "it": entry}, optimizer=optimizer, rate=1e-3, steps=20)["it"]
        if entry.method.key == "rlw":  # one stream of noise serves all runs
            continue
        for i, path in enumerate(alone):
            assert beside.x[..., [i]] == pytest.approx(path.x, abs=1e-9)
