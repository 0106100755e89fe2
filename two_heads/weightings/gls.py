"""GLS: the geometric mean of the losses.

Relation to others: The direction of uncertainty weighting with its variances at their optimum.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Paper, Scalarizer, State
from two_heads.weightings.ops import Array


def gls_weights(losses: Array, state: State) -> Array:
    """The geometric mean (L₁ · L₂ · …)^(1/K) ÷ (K · L) each. A loss below 1e-8 counts as 1e-8."""
    losses = ops.maximum(losses, 1e-8)
    return ops.exp(ops.mean(ops.log(losses))) / (losses.shape[0] * losses)


SCALARIZER = Scalarizer(
    key="gls",
    title="Geometric mean (GLS)",
    rule="Minimise the geometric mean of the head losses.",
    paper=Paper(
        "MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss Strategy for Multi-Task Learning",
        2019,
        "https://arxiv.org/abs/1904.08492",
    ),
    trap="A loss near 0 gets a weight near infinity. A negative loss has no geometric mean.",
    weights=gls_weights,
)
