"""Gradients and Gramians that the tests of all methods share."""

import numpy as np
from hypothesis import strategies as st

#: TorchJD's own test matrix, with K = 2.
TWO = np.array([[-4.0, 1, 1], [6, 1, 1]])

#: Three gradients, each two in conflict, of which PCGrad leaves some.
THREE = np.array([[1.0, 0, 0], [-0.8, 1, 0], [-0.3, -0.9, 0.2]])

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

#: Gramians at the edge, by name: (K, K) each.
DEGENERATE: dict[str, np.ndarray] = {
    "zero": np.zeros((3, 3)),
    "one head": np.array([[4.0]]),
    "one head, zero": np.array([[0.0]]),
    "equal": np.ones((3, 3)),
    "rank 1": np.outer([1.0, 2, 3], [1.0, 2, 3]),
    "opposite": np.array([[1.0, -1], [-1, 1]]),
    "opposite, unequal": np.array([[1.0, -2], [-2, 4]]),
    "a zero gradient": np.diag([1.0, 0, 2]),
    "two zero gradients": np.diag([0.0, 1, 0]),
    "far apart": np.diag([1e-12, 1, 1e12]),
    "tiny": 1e-300 * (THREE @ THREE.T),
    "small": 1e-100 * (THREE @ THREE.T),
    "huge": 1e300 * (THREE @ THREE.T),
    "not a number": np.full((3, 3), np.nan),
    "one not a number": np.where(np.eye(3) > 0, [1.0, np.nan, 1.0], 0.0),
    "infinite": np.full((2, 2), np.inf),
    "one infinite": np.diag([1.0, np.inf]),
    "slightly indefinite": np.array([[1.0, 1.0 + 1e-7], [1.0 + 1e-7, 1.0]]),
    "sixteen, rank 1": np.ones((16, 16)),
}

#: Those of them that every method gives the mean's weights for.
LIKE_THE_MEAN = ("zero", "one head, zero", "tiny", "not a number", "one not a number", "infinite", "one infinite")


@st.composite
def jacobians(draw: st.DrawFn, largest: int = 16, full_rank: bool = False) -> np.ndarray:
    """(K, P) gradients of any rank, lengths that differ up to a hundredfold, and any scale from 1e-6 to 1e6."""
    k = draw(st.integers(1, largest))
    rank = k if full_rank else draw(st.integers(1, k))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    lengths = 10.0 ** rng.uniform(-1, 1, (k, 1))
    scale = 10.0 ** draw(st.floats(-6, 6))
    return scale * lengths * (rng.normal(size=(k, rank)) @ rng.normal(size=(rank, k + 4)))


@st.composite
def independent_jacobians(draw: st.DrawFn) -> np.ndarray:
    """(K, K + 4) gradients, none nearly a sum of others: no eigenvalue of their cosines is below 0.01."""
    k = draw(st.integers(1, 16))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    left, _ = np.linalg.qr(rng.normal(size=(k, k)))
    right, _ = np.linalg.qr(rng.normal(size=(k + 4, k)))
    lengths = 10.0 ** (draw(st.floats(-6, 6)) + rng.uniform(-0.5, 0.5, (k, 1)))
    return lengths * ((left * 10 ** rng.uniform(-1, 0, k)) @ right.T)
