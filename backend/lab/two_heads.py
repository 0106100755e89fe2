"""The aggregators in closed form, for two heads: a few operations each, on many Gramians at once.

`two_heads.weightings` has them for any number of heads, with loops that take ten times as long, and for one Gramian. A
test compares both. A script that runs tens of thousands of steps contains these.

All take `gramian`, (2, 2, runs), and return the weights, (2, runs). As in `two_heads.weightings`, a cosine stays at
least 1e-6 away from ±1.
"""

from __future__ import annotations

import numpy as np

from two_heads.weightings.ops import Array


def parts(gramian: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """|g₁|², g₁·g₂ and |g₂|², (runs,) each. The squares are at least 1e-100."""
    one, other = np.maximum(gramian[0, 0], 1e-100), np.maximum(gramian[1, 1], 1e-100)
    most = (1 - 1e-6) * np.sqrt(one) * np.sqrt(other)
    return one, np.minimum(np.maximum(gramian[0, 1], -most), most), other


def mean_of_two(gramian: np.ndarray) -> Array:
    """½ each."""
    return np.full(gramian.shape[1:], 0.5)


def mgda_of_two(gramian: np.ndarray) -> Array:
    """The shortest vector on the segment g₂ to g₁."""
    one, product, other = parts(gramian)
    first = np.minimum(np.maximum((other - product) / (one - 2 * product + other), 0), 1)
    return np.stack([first, 1 - first])


def pcgrad_of_two(gramian: np.ndarray) -> Array:
    """If the gradients conflict, each without its part along the other; then their sum."""
    one, product, other = parts(gramian)
    conflict = np.minimum(product, 0)
    return np.stack([1 - conflict / one, 1 - conflict / other])


def imtl_g_of_two(gramian: np.ndarray) -> Array:
    """The bisector: each gradient weighted by the length of the other, with the sum 1."""
    one, _, other = parts(gramian)
    lengths = np.sqrt(np.stack([other, one]))
    return lengths / (lengths[0] + lengths[1])


def nash_of_two(gramian: np.ndarray) -> Array:
    """The bisector, with the length 1."""
    one, product, other = parts(gramian)
    product = product / np.sqrt(one) / np.sqrt(other)
    return 1 / np.sqrt(2 * (1 + product) * np.stack([one, other]))


def cagrad_of_two(gramian: np.ndarray, c: float = 0.5) -> Array:
    """The mean, and a vector of c times its length along ωg₁ + (1 - ω)g₂.

    At ω, the derivative of g_ω·g₀ + c|g₀||g_ω| is 0, or ω is 0 or 1. g₀ is the mean, and g_ω = ωg₁ + (1 - ω)g₂.
    """
    one, product, other = parts(gramian)
    radius = c * np.sqrt((one + 2 * product + other) / 4)
    spread, slope = one - 2 * product + other, (one - other) / 2
    nearest = (other - product) / spread
    least = (one * other - product**2) / spread
    room = np.maximum(radius**2 * spread - slope**2, 1e-300)
    omega = np.minimum(np.maximum(nearest - slope * np.sqrt(least / (spread * room)), 0), 1)
    pull = radius / np.sqrt(spread * (omega - nearest) ** 2 + least)
    return 0.5 + pull * np.stack([omega, 1 - omega])


#: The closed forms by the method's key.
TWO_HEADS = {
    "mean": mean_of_two,
    "mgda": mgda_of_two,
    "pcgrad": pcgrad_of_two,
    "cagrad": cagrad_of_two,
    "imtl_g": imtl_g_of_two,
    "nash": nash_of_two,
}
