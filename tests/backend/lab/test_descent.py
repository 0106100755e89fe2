"""Descent on a problem: the optimizer's steps, the runs beside each other, and what is recorded."""

import numpy as np
import pytest

from backend.lab.problems import PROBLEMS
from backend.lab.problems.concave_front import concave_front_starts
from backend.lab.script import aggregator, scalarizer, script, table
from backend.lab.steps import adam
from backend.lab.two_heads import TWO_HEADS
from two_heads.weightings import Aggregator

FAMO, CONCAVE = PROBLEMS["famo_toy"], PROBLEMS["concave_front"]
METHODS = [aggregator(key) for key in TWO_HEADS] + [scalarizer(key) for key in ("famo", "fixed", "stch")]


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


def ends(problem, entries, optimizer, start):
    """Where a script's descent with these methods ends, (n, runs) each."""
    main = (
        f"{table(entries, problem.k)}\n_, paths = descend(losses, jacobian, start, methods, {optimizer}, 1e-3, 20, 1)"
    )
    given = {"losses": problem.losses, "jacobian": problem.jacobian, "start": start}
    exec(script("A descent.", [problem], entries.values(), main), given)
    return {key: path[-1] for key, path in given["paths"].items()}


@pytest.mark.slow
@pytest.mark.parametrize("entry", METHODS, ids=lambda each: f"{type(each.method).__name__} {each.method.key}")
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_every_method_runs_and_the_runs_do_not_disturb_each_other(entry, optimizer):
    for problem in (FAMO,) if isinstance(entry.method, Aggregator) else (FAMO, CONCAVE):
        start = np.array(problem.starts).T if problem.starts else concave_front_starts(5)
        alone = [ends(problem, {"it": entry}, optimizer, start[:, [i]])["it"] for i in range(5)]
        beside = ends(problem, {"other": scalarizer("stch"), "it": entry}, optimizer, start)["it"]
        for i, end in enumerate(alone):
            assert beside[:, [i]] == pytest.approx(end, abs=1e-9)
