"""GLS: the geometric mean of the losses."""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Paper, Scalarizer, State
from two_heads.weightings.ops import Array


def gls_initial(k: int) -> State:
    """No state."""
    return {}


def gls_total(losses: Array, state: State) -> Array:
    """(L₁ · L₂ · …)^(1/K), where a loss below 1e-8 counts as 1e-8."""
    return ops.exp(ops.mean(ops.log(ops.maximum(losses, 1e-8))))


def gls_weights(losses: Array, state: State) -> Array:
    """The total ÷ (K · L) each."""
    return gls_total(losses, state) / (losses.shape[0] * ops.maximum(losses, 1e-8))


SCALARIZER = Scalarizer(
    key="gls",
    title="Geometric mean (GLS)",
    rule="Minimise the geometric mean of the head losses.",
    paper=Paper(
        "MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss Strategy for Multi-Task Learning",
        2019,
        "https://arxiv.org/abs/1904.08492",
    ),
    default="No hyperparameter.",
    trap="A loss near 0 gets a weight near infinity. A negative loss has no geometric mean.",
    coincides="The direction of uncertainty weighting with its variances at their optimum.",
    initial=gls_initial,
    weights=gls_weights,
    total=gls_total,
)
