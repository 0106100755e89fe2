"""The methods on many runs at once, and in closed form for two heads, give what they give one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lab.steps import ops
from backend.lab.two_heads import TWO_HEADS
from two_heads.weightings import AGGREGATORS, SCALARIZERS


def gramians(seed: int, k: int, spread: float, runs: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Jacobians (K, K + 1, runs) of lengths that differ by powers of ten, and their Gramians."""
    rng = np.random.default_rng(seed)
    jacobian = rng.normal(size=(k, k + 1, runs)) * 10 ** rng.uniform(-spread, spread, (k, 1, runs))
    return jacobian, (jacobian[:, None] * jacobian[None]).sum(axis=2)


@pytest.mark.parametrize("key", ["famo", "fixed", "stch"])
@given(seed=st.integers(0, 10_000), k=st.integers(1, 4))
def test_a_scalarizer_on_many_losses_gives_what_it_gives_on_each(key, seed, k):
    rng, runs = np.random.default_rng(seed), 5
    losses, after = rng.uniform(0.1, 5, (2, k, runs))
    _, gramian = gramians(seed, k, 0.0, runs)
    together, alone = SCALARIZERS[key].on(ops), SCALARIZERS[key]

    def twice(method, losses, after, gramian):
        state = method.initial(k)
        for _ in range(2):
            weights = method.weights(losses, state)
            if method.after_step:
                state = method.after_step(state, losses, after, gramian)
        return weights

    found = np.broadcast_to(twice(together, losses, after, gramian), losses.shape)
    for run in range(runs):
        one = twice(alone, losses[:, run], after[:, run], gramian[:, :, run])
        assert found[:, run] == pytest.approx(np.broadcast_to(one, (k,)), rel=1e-9)


def difference(weights: np.ndarray, other: np.ndarray, jacobian: np.ndarray) -> float:
    """How far the steps with both weights differ, as a share of their length, in the worst run."""
    steps, others = ((each[:, None] * jacobian).sum(axis=0) for each in (weights, other))
    return float((np.linalg.norm(steps - others, axis=0) / np.linalg.norm(others, axis=0)).max())


@pytest.mark.parametrize("key", TWO_HEADS)
@given(seed=st.integers(0, 10_000), spread=st.sampled_from([0.0, 1.0, 3.0]))
def test_a_closed_form_for_two_heads_gives_the_methods_step(key, seed, spread):
    jacobian, gramian = gramians(seed, 2, spread)
    cosine = gramian[0, 1] / np.sqrt(gramian[0, 0] * gramian[1, 1])
    clear = np.abs(cosine) < 1 - 1e-5  # beyond it, the methods raise eigenvalues in another way
    jacobian, gramian = jacobian[..., clear], gramian[..., clear]
    general = np.stack([AGGREGATORS[key].weights(gramian[:, :, run]) for run in range(gramian.shape[-1])], axis=1)
    assert difference(TWO_HEADS[key](gramian), general, jacobian) < 1e-6
