"""Descent on a problem: the optimizer's steps, the runs beside each other, and what is recorded."""

import numpy as np
import pytest

from backend.lab.descent import aggregator, run, scalarizer
from backend.lab.problems import PROBLEMS
from backend.lab.steps import adam, sgd
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


def test_the_first_changes_are_as_in_keras():
    """Keras adds epsilon to the root of the uncorrected second moment, so it counts for gradients up to about 1e-5."""
    change = adam(np.array([1e-7]), np.zeros((2, 1)), 1, 1.0)
    rate, mean, root = 0.001**0.5 / 0.1, 0.1 * 1e-7, (0.001 * 1e-14) ** 0.5
    assert change == pytest.approx(-rate * mean / (root + 1e-7), rel=1e-9)
    assert sgd(np.array([2.0]), np.zeros((2, 1)), 1, 0.1) == pytest.approx(-0.2)


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


def test_a_descent_is_repeatable_bit_for_bit():
    entries = {"famo": scalarizer("famo", lowest=FAMO.lowest), "rlw": scalarizer("rlw"), "mgda": aggregator("mgda")}
    one, other = (run(FAMO, entries, rate=1e-2, steps=50) for _ in range(2))
    assert all((one[key].x == other[key].x).all() for key in entries)


@pytest.mark.parametrize(("steps", "points"), [(10, 150), (1_000, 150), (151, 150), (7, 3)])
def test_a_trajectory_is_thinned_and_keeps_start_and_end(steps, points):
    path = run(FAMO, {"mean": aggregator("mean")}, rate=1e-3, steps=steps, points=points)["mean"]
    assert path.steps[0] == 0
    assert path.steps[-1] == steps
    assert len(path.steps) == len(path.x) <= points + 2
    assert (path.x[0] == FAMO.start()).all()


def test_progress_can_end_a_descent():
    seen = []

    def progress(share):
        seen.append(share)
        if share >= 0.5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        run(FAMO, {"mean": aggregator("mean")}, rate=1e-3, steps=100, points=10, progress=progress)
    assert seen == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])


def test_uncertainty_weights_learn_with_the_networks_optimizer():
    """UW's s goes to log L, where its gradient is 0: at a fixed point of x, which a rate of 0 would also stop."""
    entry = scalarizer("uw").runnable(3)
    losses = np.array([[1.0], [2.0], [4.0]])
    for step in range(1, 3_000):
        entry.advance(losses, losses, np.ones((3, 3, 1)), adam, step, 0.01)
    (state,) = [value for value in entry.state.values() if np.shape(value)[0] == 3]
    assert np.ravel(state) == pytest.approx(np.log([1, 2, 4]), abs=1e-2)


def test_a_diverging_run_leaves_the_others_alone():
    start = np.array([[1e200, 1.0], [1e200, 1.0]])
    path = run(FAMO, {"mean": aggregator("mean")}, optimizer="sgd", rate=1e-3, steps=30, start=start)["mean"]
    assert np.isfinite(path.end[:, 1]).all()
