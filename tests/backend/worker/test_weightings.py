"""Each method's text on `keras.ops`, in a graph, gives the numbers that NumPy gives."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.two_heads.weightings.gramians import DEGENERATE
from two_heads.weightings import AGGREGATORS, SCALARIZERS

pytestmark = pytest.mark.slow

HEADS = (1, 2, 3, 16)
#: `make test` tries three; each number of heads is traced anew.
every = pytest.mark.parametrize("k", [pytest.param(k, marks=[] if k == 3 else pytest.mark.soak) for k in HEADS])


def graph(function):
    return tf.function(function, autograph=False)


def gramians(k):
    """Gramians of any rank, with lengths that differ tenfold, and the degenerate ones of this size."""
    rng = np.random.default_rng(k)
    gradients = [rng.normal(size=(k, rng.integers(1, k + 3))) * 10 ** rng.uniform(-0.5, 0.5, (k, 1)) for _ in range(20)]
    edge = [gramian for gramian in DEGENERATE.values() if len(gramian) == k]
    return [each @ each.T for each in gradients] + edge


def assert_close(tensor, array, tolerance):
    scale = max(1.0, float(np.abs(array).max(initial=0)))
    np.testing.assert_allclose(np.asarray(tensor), array, atol=tolerance * scale)


@every
@pytest.mark.parametrize("key", AGGREGATORS)
def test_an_aggregator_gives_the_same_weights_in_a_graph(key, k):
    method = AGGREGATORS[key]
    function = graph(method.on(keras.ops).function)
    for gramian in gramians(k):
        weights = function(tf.constant(gramian, tf.float64))
        assert weights.dtype == tf.float64
        assert weights.shape == (k,)
        assert_close(weights, method.weights(gramian), 1e-6)


@pytest.mark.parametrize("dtype", [pytest.param("float32", marks=pytest.mark.soak), "float64"])
@every
@pytest.mark.parametrize("key", SCALARIZERS)
def test_a_scalarizer_does_the_same_in_a_graph(key, k, dtype):
    """Weights and all moments, over three steps and two epochs."""
    method, tolerance = SCALARIZERS[key], {"float32": 1e-4, "float64": 1e-9}[dtype]
    rng = np.random.default_rng(k)
    state = method.initial(k)
    there = method.on(keras.ops)
    initial = there.initial(k)
    assert {name: tuple(value.shape) for name, value in initial.items()} == {
        name: np.shape(value) for name, value in state.items()
    }
    weights = graph(there.weights)
    moments = {name: graph(moment) for name in MOMENTS if (moment := getattr(there, name))}

    def tensors(arrays):
        return {name: tf.constant(array, dtype) for name, array in arrays.items()}

    for _ in range(3):
        losses, after, noise = rng.uniform(0.1, 5, k), rng.uniform(0.1, 5, k), rng.normal(size=k)
        gramian = gramians(k)[0]
        now = {"losses": losses, "losses_after": after, "gramian": gramian, "noise": noise}
        for name, arguments in MOMENTS.items():
            if name in moments:
                given = [now[argument] for argument in arguments]
                moved = [tf.constant(each, dtype) for each in given]
                if name == "gradients":
                    expected = getattr(method, name)(*given, state)
                    result = moments[name](*moved, tensors(state))
                else:
                    expected = getattr(method, name)(state, *given)
                    result = moments[name](tensors(state), *moved)
                assert expected.keys() == result.keys()
                for each in expected:
                    assert_close(result[each], expected[each], tolerance)
                if name != "gradients":
                    state = expected
        assert_close(weights(tf.constant(losses, dtype), tensors(state)), method.weights(losses, state), tolerance)


MOMENTS = {
    "before_step": ("noise",),
    "gradients": ("losses",),
    "after_step": ("losses", "losses_after", "gramian"),
    "after_epoch": ("losses",),
}
