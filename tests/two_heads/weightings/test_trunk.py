"""What an aggregator sees of the gradients, and the gradient that the optimizer gets."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from two_heads.weightings.trunk import aggregated, gramian_of, trunk


@st.composite
def networks(draw):
    """The gradients of K heads: two shared variables, and one of each head's own."""
    k = draw(st.integers(1, 5))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return [
        [
            random.normal(size=(3, 2)),
            random.normal(size=4),
            *(random.normal(size=2) if own == head else None for own in range(k)),
        ]
        for head in range(k)
    ]


@given(networks(), st.data())
def test_the_trunk_gets_the_weighted_gradients_and_each_head_its_own(gradients, data):
    k = len(gradients)
    shared = trunk(gradients)
    assert shared == ([0, 1] if k > 1 else [0, 1, 2])
    jacobian = np.stack([np.concatenate([of_head[i].ravel() for i in shared]) for of_head in gradients])
    np.testing.assert_allclose(gramian_of(gradients, shared), jacobian @ jacobian.T)
    weights = np.array(data.draw(st.lists(st.floats(-2, 2), min_size=k, max_size=k)))
    step = aggregated(gradients, shared, weights)
    np.testing.assert_allclose(np.concatenate([step[i].ravel() for i in shared]), jacobian.T @ weights)
    for head in range(k if k > 1 else 0):
        np.testing.assert_array_equal(step[2 + head], gradients[head][2 + head])
