"""What holds for every method, whatever its rule."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.two_heads.weightings.gramians import DEGENERATE, LIKE_THE_MEAN, THREE, TWO, independent_jacobians, jacobians
from two_heads.weightings import AGGREGATORS, SCALARIZERS
from two_heads.weightings.base import Aggregator, Method, Scalarizer

#: Weights by golden value: TorchJD's own for two heads, ours for three (`shared/lab.md`, 4 digits).
GOLDEN_TWO = {
    "mean": (0.5, 0.5),
    "mgda": (0.6, 0.4),
    "pcgrad": (2.2222, 1.5789),
    "upgrad": (1.1109, 0.7894),
    "dualproj": (0.6109, 0.5),
    "cagrad": (0.7041, 0.5),
    "imtl_g": (0.5923, 0.4077),
    "aligned_mtl": (0.5591, 0.4083),
    "fairgrad": (0.5915, 0.4071),
}
STEPS_TWO = {
    "mean": (1, 1, 1),
    "mgda": (0, 1, 1),
    "pcgrad": (0.5848, 3.8012, 3.8012),
    "upgrad": (0.2929, 1.9004, 1.9004),
    "dualproj": (0.5563, 1.1109, 1.1109),
    "cagrad": (0.1835, 1.2041, 1.2041),
    "imtl_g": (0.0767, 1, 1),
    "nash": (0.0542, 0.7061, 0.7061),
    "aligned_mtl": (0.2133, 0.9673, 0.9673),
    "fairgrad": (0.0766, 0.9985, 0.9985),
}
GOLDEN_THREE = {
    "mgda": (0.3537, 0.3105, 0.3358),
    "pcgrad": (2.1, 2.0366, 2.6191),
    "upgrad": (1.0454, 0.9193, 0.9933),
    "dualproj": (0.3724, 0.3333, 0.3527),
    "cagrad": (0.3753, 0.3333, 0.3558),
    "imtl_g": (0.3536, 0.3109, 0.3355),
    "aligned_mtl": (0.3512, 0.3113, 0.3349),
    "fairgrad": (9.0296, 7.9327, 8.5756),
}

aggregators = pytest.mark.parametrize("method", AGGREGATORS.values(), ids=list(AGGREGATORS))
scalarizers = pytest.mark.parametrize("method", SCALARIZERS.values(), ids=list(SCALARIZERS))
methods = pytest.mark.parametrize(
    "method",
    [*AGGREGATORS.values(), *SCALARIZERS.values()],
    ids=[*AGGREGATORS, *(f"{key}, losses" for key in SCALARIZERS)],
)


def test_all_methods_are_listed_under_their_keys():
    assert list(AGGREGATORS) == [
        "mean",
        "mgda",
        "pcgrad",
        "upgrad",
        "dualproj",
        "cagrad",
        "imtl_g",
        "nash",
        "aligned_mtl",
        "fairgrad",
    ]
    assert list(SCALARIZERS) == ["sum", "mean", "fixed", "uw", "gls", "dwa", "rlw", "famo", "stch", "gradnorm"]


@methods
def test_every_method_says_what_it_is(method: Method):
    assert method.title
    for sentence in (method.rule, method.default, method.trap):
        assert sentence.endswith(".")
    assert method.coincides == "" or method.coincides.endswith(".")
    assert (method.paper is None) == (method.key in ("sum", "mean", "fixed"))
    if method.paper:
        assert method.paper.url.startswith("https://")
        assert 2016 < method.paper.year < 2027


@pytest.mark.parametrize("key", GOLDEN_TWO)
def test_weights_of_two_heads_are_torchjds(key: str):
    np.testing.assert_allclose(AGGREGATORS[key].weights(TWO @ TWO.T), GOLDEN_TWO[key], atol=1e-4)


@pytest.mark.parametrize("key", STEPS_TWO)
def test_steps_of_two_heads_are_torchjds(key: str):
    np.testing.assert_allclose(TWO.T @ AGGREGATORS[key].weights(TWO @ TWO.T), STEPS_TWO[key], atol=1e-4)


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
def test_equal_gradients_get_equal_weights(method: Aggregator):
    weights = method.weights(np.ones((3, 3)))
    np.testing.assert_allclose(weights, weights[0], rtol=1e-6)
    assert weights[0] > 0


@aggregators
def test_the_gramian_is_not_changed(method: Aggregator):
    gramian = THREE @ THREE.T
    before = gramian.copy()
    method.weights(gramian)
    np.testing.assert_array_equal(gramian, before)


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


def test_two_heads_make_methods_coincide():
    gramian = TWO @ TWO.T
    weights = {key: method.weights(gramian) for key, method in AGGREGATORS.items()}
    np.testing.assert_allclose(weights["pcgrad"] / 2, weights["upgrad"], atol=3e-4)  # the regularisation of 1e-4
    for key in ("nash", "fairgrad"):
        np.testing.assert_allclose(weights[key] / weights[key].sum(), weights["imtl_g"], atol=1e-8)
    np.testing.assert_allclose(weights["fairgrad"] / np.sqrt(2), weights["nash"], atol=1e-12)


def test_gradients_of_one_length_make_mgda_and_imtl_g_coincide():
    directions = THREE / np.linalg.norm(THREE, axis=1, keepdims=True)
    weights = {key: AGGREGATORS[key].weights(directions @ directions.T) for key in ("mgda", "imtl_g")}
    np.testing.assert_allclose(weights["mgda"], weights["imtl_g"], atol=1e-8)


def test_with_three_heads_pcgrad_leaves_a_conflict_and_upgrad_none():
    smallest = {
        key: (THREE @ THREE.T @ AGGREGATORS[key].weights(THREE @ THREE.T)).min() for key in ("pcgrad", "upgrad")
    }
    np.testing.assert_allclose(smallest["pcgrad"], -0.315, atol=5e-4)
    np.testing.assert_allclose(smallest["upgrad"], 0.012, atol=5e-4)


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


@scalarizers
@pytest.mark.parametrize("k", [1, 2, 3, 16])
def test_weights_are_the_derivative_of_the_total(method: Scalarizer, k: int):
    """FAMO's total is divided by what its own derivative takes as a constant."""
    losses = np.random.default_rng(k).uniform(0.1, 5, k)
    for state in _states(method, k):
        weights = method.weights(losses, state)
        assert weights.shape == (k,)
        moves = 1e-6 * np.eye(k)
        totals = np.array([[method.total(losses + move, state), method.total(losses - move, state)] for move in moves])
        if method.key == "famo":
            z = np.exp(state["logits"]) / np.exp(state["logits"]).sum()
            constant = 1 / (z / losses).sum()
            totals = constant * np.log(np.array([[losses + move, losses - move] for move in moves])) @ z
        np.testing.assert_allclose(weights, (totals[:, 0] - totals[:, 1]) / 2e-6, atol=1e-6)


@scalarizers
@pytest.mark.parametrize("k", [1, 3, 16])
def test_a_state_keeps_its_names_and_shapes(method: Scalarizer, k: int):
    shapes = [{name: np.shape(value) for name, value in state.items()} for state in _states(method, k)]
    assert all(each == shapes[0] for each in shapes)


@scalarizers
@pytest.mark.parametrize("losses", [[0.0, 0], [1e-12, 1e6], [0.0, 3.0]])
def test_losses_at_the_edge_give_finite_weights(method: Scalarizer, losses: list[float]):
    for state in _states(method, 2):
        assert np.isfinite(method.weights(np.array(losses), state)).all()
        assert np.isfinite(method.total(np.array(losses), state))


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


@scalarizers
def test_needs_names_what_the_moments_use(method: Scalarizer):
    assert ("noise" in method.needs) == (method.before_step is not None)
    assert bool(method.needs & {"losses_after", "gramian"}) == (method.after_step is not None)
