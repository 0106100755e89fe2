"""What holds for every method, whatever its rule."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.two_heads.weightings.gramians import (
    DEGENERATE,
    GOLDEN_THREE,
    GOLDEN_TWO,
    LIKE_THE_MEAN,
    THREE,
    TWO,
    independent_jacobians,
    jacobians,
)
from two_heads.weightings import AGGREGATORS, SCALARIZERS
from two_heads.weightings.base import Aggregator, Scalarizer

aggregators = pytest.mark.parametrize("method", AGGREGATORS.values(), ids=list(AGGREGATORS))
scalarizers = pytest.mark.parametrize("method", SCALARIZERS.values(), ids=list(SCALARIZERS))


@pytest.mark.parametrize("key", GOLDEN_TWO)
def test_weights_of_two_heads_are_torchjds(key: str):
    np.testing.assert_allclose(AGGREGATORS[key].weights(TWO @ TWO.T), GOLDEN_TWO[key], atol=1e-4)


@pytest.mark.parametrize("key", GOLDEN_THREE)
def test_weights_of_three_heads_are_as_recorded(key: str):
    np.testing.assert_allclose(AGGREGATORS[key].weights(THREE @ THREE.T), GOLDEN_THREE[key], atol=1e-4)


@aggregators
@pytest.mark.parametrize("name", DEGENERATE)
def test_a_degenerate_gramian_gives_finite_weights_without_a_warning(method: Aggregator, name: str):
    gramian = DEGENERATE[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        weights = method.weights(gramian)
    assert weights.shape == (len(gramian),)
    assert weights.dtype == np.float64
    assert np.isfinite(weights).all()
    if name in LIKE_THE_MEAN:
        np.testing.assert_array_equal(weights, 1 / len(gramian))


@aggregators
@given(gradients=jacobians())
def test_weights_are_finite_and_never_warn(method: Aggregator, gradients: np.ndarray):
    gramian = gradients @ gradients.T
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for given_type in (gramian, gramian.astype(np.float32)):
            weights = method.weights(given_type)
            assert weights.shape == (len(gradients),)
            assert np.isfinite(weights).all()


@aggregators
@given(gradients=jacobians(), seed=st.integers(0, 1000))
def test_the_order_of_the_heads_has_no_effect(method: Aggregator, gradients: np.ndarray, seed: int):
    """PCGrad's heads must meet in the same order, too."""
    gramian = gradients @ gradients.T
    moved = np.random.default_rng(seed).permutation(len(gradients))
    options = {"order": np.argsort(moved)} if method.key == "pcgrad" else {}
    weights = method.weights(gramian)
    again = method.weights(gramian[np.ix_(moved, moved)], **options)
    np.testing.assert_allclose(again, weights[moved], atol=1e-6 * np.abs(weights).max())


@aggregators
@given(gradients=jacobians(), factor=st.floats(1e-3, 1e3))
def test_longer_gradients_change_no_weight_or_divide_all_of_them(
    method: Aggregator, gradients: np.ndarray, factor: float
):
    """Nash-MTL and FairGrad fix the length of the step, all others make it as much longer as the gradients."""
    gramian = gradients @ gradients.T
    expected = method.weights(gramian) / (factor if method.key in ("nash", "fairgrad") else 1)
    np.testing.assert_allclose(method.weights(factor**2 * gramian), expected, atol=1e-6 * np.abs(expected).max())


@pytest.mark.parametrize("key", ["nash", "fairgrad", "imtl_g"])
@given(gradients=independent_jacobians(), seed=st.integers(0, 1000))
def test_the_scale_of_one_loss_has_no_effect_on_the_direction(key: str, gradients: np.ndarray, seed: int):
    scaled = 10 ** np.random.default_rng(seed).uniform(-2, 2, (len(gradients), 1)) * gradients
    step, other = (each.T @ AGGREGATORS[key].weights(each @ each.T) for each in (gradients, scaled))
    step, other = step / np.linalg.norm(step), other / np.linalg.norm(other)
    sign = np.sign(step @ other) if key == "imtl_g" else 1  # its weights have the sum 1, so that it may turn round
    np.testing.assert_allclose(other, sign * step, atol=1e-6)


def _states(method: Scalarizer, k: int) -> list[dict[str, np.ndarray]]:
    """The initial state and one after each moment of change."""
    rng = np.random.default_rng(k)
    losses, after = rng.uniform(0.1, 5, k), rng.uniform(0.1, 5, k)
    states = [method.initial(k)]
    if method.before_step:
        states.append(method.before_step(states[-1], rng.normal(size=k)))
    if method.gradients:
        moved = method.gradients(losses, states[-1])
        states.append({**states[-1], **{name: states[-1][name] - 0.1 * each for name, each in moved.items()}})
    if method.after_step:
        gramian = (lambda gradients: gradients @ gradients.T)(rng.normal(size=(k, 5)))
        states += [state := method.after_step(states[-1], losses, after, gramian)]
        states += [method.after_step(state, after, losses, gramian)]
    if method.after_epoch:
        states += [state := method.after_epoch(states[-1], losses), method.after_epoch(state, after)]
    return states


#: What these methods minimise. FAMO's is divided by the sum of its derivatives.
TOTALS = {
    "gls": lambda losses, _: np.exp(np.log(losses).mean()),
    "stch": lambda losses, state: np.logaddexp.reduce(state["preferences"] * losses),
    "famo": lambda losses, state: np.exp(state["logits"]) @ np.log(losses),
}


@pytest.mark.parametrize("key", TOTALS)
@pytest.mark.parametrize("k", [1, 2, 3, 16])
def test_weights_that_depend_on_the_losses_are_the_derivative_of_the_total(key: str, k: int):
    losses, moves = np.random.default_rng(k).uniform(0.1, 5, k), 1e-6 * np.eye(k)
    for state in _states(SCALARIZERS[key], k):
        slopes = np.array([TOTALS[key](losses + move, state) - TOTALS[key](losses - move, state) for move in moves])
        expected = slopes / slopes.sum() if key == "famo" else slopes / 2e-6
        np.testing.assert_allclose(SCALARIZERS[key].weights(losses, state), expected, atol=1e-6)


@scalarizers
@pytest.mark.parametrize("losses", [[0.0, 0], [1e-12, 1e6], [0.0, 3.0]])
def test_losses_at_the_edge_give_finite_weights(method: Scalarizer, losses: list[float]):
    for state in _states(method, 2):
        assert np.isfinite(method.weights(np.array(losses), state)).all()


@scalarizers
def test_a_step_that_is_not_finite_leaves_the_weights_finite(method: Scalarizer):
    bad = np.array([np.nan, np.inf])
    state = method.initial(2)
    with np.errstate(all="ignore"):
        if method.after_step:
            state = method.after_step(state, bad, bad, np.full((2, 2), np.nan))
        if method.after_epoch:
            state = method.after_epoch(method.after_epoch(state, bad), bad)
    assert np.isfinite(method.weights(np.ones(2), state)).all()
