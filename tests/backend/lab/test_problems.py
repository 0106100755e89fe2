"""The problems: their gradients, and the answers that are known exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lab.problems import PROBLEMS
from backend.lab.problems.two_valleys import two_valleys_front

_SIZES = {"famo_toy": 2, "cagrad_toy": 2, "concave_front": 20}
LIST = [pytest.param(problem, id=key) for key, problem in PROBLEMS.items()]


@pytest.mark.parametrize("problem", LIST)
@given(seed=st.integers(0, 10_000))
def test_the_gradients_are_those_of_finite_differences(problem, seed):
    scale = 6 if problem.window else 1
    x = np.random.default_rng(seed).normal(0, scale, (_SIZES[problem.key], 20))
    numeric = np.stack(
        [
            (problem.losses(x + 1e-6 * each[:, None]) - problem.losses(x - 1e-6 * each[:, None])) / 2e-6
            for each in np.eye(_SIZES[problem.key])
        ],
        axis=1,
    )
    exact = problem.jacobian(x)
    assert exact.shape == (problem.k, _SIZES[problem.key], 20)
    # A valley's bottom and x₂ = 0 are kinks: next to one, finite differences are wrong.
    off = np.abs(numeric - exact) / (1 + np.abs(exact)) > 1e-5
    assert off.any(axis=(0, 1)).sum() <= (1 if problem.window else 0)


@pytest.mark.parametrize("problem", [each for each in PROBLEMS.values() if each.front], ids=lambda each: each.key)
def test_the_points_to_draw_lie_on_the_front_and_none_beats_another(problem):
    front = problem.front()
    assert len(front) == _SIZES[problem.key]
    assert problem.distance(front) == pytest.approx(0, abs=1e-9)
    first, second = problem.losses(front)
    assert (np.diff(first) * np.diff(second) < 0).all()


def test_the_front_of_the_two_valleys_is_where_the_gradients_are_opposite():
    front = two_valleys_front()[:, 1:-1]
    for key in ("famo_toy", "cagrad_toy"):
        first, second = PROBLEMS[key].jacobian(front)
        cosine = (first * second).sum(axis=0) / np.linalg.norm(first, axis=0) / np.linalg.norm(second, axis=0)
        assert cosine == pytest.approx(-1, abs=1e-9)
    assert two_valleys_front(3)[:, 1] == pytest.approx([0, -8.3552], abs=1e-3)  # the star in CAGrad's picture
