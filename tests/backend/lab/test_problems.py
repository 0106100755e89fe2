"""The problems: their gradients, and the answers that are known exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lab.problems import PROBLEMS
from backend.lab.problems.concave_front import CENTRE
from backend.lab.problems.one_neuron import BEST, TARGETS
from backend.lab.problems.two_valleys import two_valleys_front

LIST = [pytest.param(problem, id=key) for key, problem in PROBLEMS.items()]


def one_neuron_optimum(weights: np.ndarray):
    """For each column of weights (3, runs): the x with the least weighted sum of the losses, (3, runs).

    It is the first eigenvector of Σ wᵢ uᵢuᵢᵀ. With equal weights, a whole plane of directions has the same sum.
    """
    _, vectors = np.linalg.eigh(np.einsum("kr,ki,kj->rij", weights, TARGETS, TARGETS))
    return vectors[:, :, -1].T


@pytest.mark.parametrize("problem", LIST)
@given(seed=st.integers(0, 10_000))
def test_the_gradients_are_those_of_finite_differences(problem, seed):
    scale = 6 if problem.window else 1
    x = np.random.default_rng(seed).normal(0, scale, (problem.dimensions, 20))
    numeric = np.stack(
        [
            (problem.losses(x + 1e-6 * each[:, None]) - problem.losses(x - 1e-6 * each[:, None])) / 2e-6
            for each in np.eye(problem.dimensions)
        ],
        axis=1,
    )
    exact = problem.jacobian(x)
    assert exact.shape == (problem.k, problem.dimensions, 20)
    # A valley's bottom and x₂ = 0 are kinks: next to one, finite differences are wrong.
    off = np.abs(numeric - exact) / (1 + np.abs(exact)) > 1e-5
    assert off.any(axis=(0, 1)).sum() <= (1 if problem.window else 0)


@pytest.mark.parametrize("problem", LIST)
def test_runs_are_independent_of_each_other(problem):
    x = problem.start()
    for run in range(x.shape[1]):
        assert problem.losses(x[:, [run]])[:, 0] == pytest.approx(problem.losses(x)[:, run], rel=1e-12)
        assert problem.jacobian(x[:, [run]])[..., 0] == pytest.approx(problem.jacobian(x)[..., run], rel=1e-12)
        assert problem.distance(x[:, [run]])[0] == pytest.approx(problem.distance(x)[run], rel=1e-12)


@pytest.mark.parametrize("problem", LIST)
def test_no_point_is_below_the_lowest_losses(problem):
    x = np.random.default_rng(0).uniform(-10, 10, (problem.dimensions, 20_000))
    assert (problem.losses(x).min(axis=1) >= np.array(problem.lowest)).all()


@pytest.mark.parametrize("problem", [each for each in PROBLEMS.values() if each.front], ids=lambda each: each.key)
def test_the_points_to_draw_lie_on_the_front_and_none_beats_another(problem):
    front = problem.front()
    assert len(front) == problem.dimensions
    assert problem.distance(front) == pytest.approx(0, abs=1e-9)
    first, second = problem.losses(front)
    assert (np.diff(first) * np.diff(second) < 0).all()


def test_the_gradient_at_the_kink_of_a_start_is_not_zero():
    """At (0, 0), c₁ and c₂ are 0; each passes the gradient of tanh. Otherwise every method would stay there."""
    jacobian = PROBLEMS["famo_toy"].jacobian(np.zeros((2, 1)))
    assert np.abs(jacobian[:, 1, 0]).min() > 0.1


def test_the_front_of_the_two_valleys_is_where_the_gradients_are_opposite():
    front = two_valleys_front()[:, 1:-1]
    for key in ("famo_toy", "cagrad_toy"):
        first, second = PROBLEMS[key].jacobian(front)
        cosine = (first * second).sum(axis=0) / np.linalg.norm(first, axis=0) / np.linalg.norm(second, axis=0)
        assert cosine == pytest.approx(-1, abs=1e-9)
    assert two_valleys_front(3)[:, 1] == pytest.approx([0, -8.3552], abs=1e-3)  # the star in CAGrad's picture


def test_no_point_of_the_two_valleys_beats_a_point_of_the_front():
    problem = PROBLEMS["cagrad_toy"]
    losses = problem.losses(np.random.default_rng(0).uniform(-12, 12, (2, 5_000)))
    front = problem.losses(two_valleys_front())
    assert not (losses[:, :, None] < front[:, None, :] - 1e-3).all(axis=0).any()


def test_famos_first_loss_is_a_tenth_of_cagrads():
    x = PROBLEMS["cagrad_toy"].start()
    losses, scaled = PROBLEMS["cagrad_toy"].losses(x), PROBLEMS["famo_toy"].losses(x)
    assert scaled == pytest.approx(losses * [[0.1], [1]])


def test_the_concave_front_has_its_exact_ends_and_middle():
    problem = PROBLEMS["concave_front"]
    losses = problem.losses(CENTRE * [1, -1, 0])
    assert losses == pytest.approx(np.array([[0, 0.9817, 0.6321], [0.9817, 0, 0.6321]]), abs=5e-5)
    assert problem.distance(CENTRE * [1, -1, 0, 0.3]) == pytest.approx(0, abs=1e-12)
    assert problem.distance(CENTRE * 2) == pytest.approx(1)


def test_three_targets_have_the_cosine_and_one_neuron_leaves_the_worst_head_at_least_070():
    gramian = TARGETS @ TARGETS.T
    assert gramian == pytest.approx(np.full((3, 3), -0.4) + 1.4 * np.eye(3))
    problem = PROBLEMS["one_neuron"]
    assert problem.losses(BEST.T).max(axis=0) == pytest.approx(0.7)
    assert problem.distance(-3 * BEST.T) == pytest.approx(0, abs=1e-7)
    directions = np.random.default_rng(0).normal(size=(3, 400_000))
    assert 0.7 <= problem.losses(directions).max(axis=0).min() < 0.701


def test_the_exact_optimum_of_fixed_weights_leaves_the_worst_head_at_least_23_30():
    """A sweep in steps of 1/200. Where all weights are equal, any direction in a plane is an optimum: at best 23/30."""
    count = 200
    weights = np.array([(i, j, count - i - j) for i in range(count + 1) for j in range(count + 1 - i)]).T / count
    x = one_neuron_optimum(weights)
    worst = PROBLEMS["one_neuron"].losses(x).max(axis=0)
    assert 23 / 30 - 1e-9 <= worst.min() < 0.769
    tenths = np.isclose(weights * 20 % 1, 0).all(axis=0)
    assert worst[tenths].min() == pytest.approx(0.781, abs=1e-3)  # a coarser sweep misses the best


def test_a_picture_needs_two_dimensions():
    first, second, values = PROBLEMS["famo_toy"].contour(31)
    assert values.shape == (31, 31)
    assert values[3, 7] == pytest.approx(PROBLEMS["famo_toy"].losses(np.array([[first[7]], [second[3]]])).mean())
    with pytest.raises(ValueError, match="20 dimensions"):
        PROBLEMS["concave_front"].contour()
