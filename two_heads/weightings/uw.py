"""UW: each head has a learned variance, which divides its loss.

Hyperparameters: s starts at 0 (TorchJD; LibMTL starts at -0.5), and the network's optimizer trains it.
Relation to others: With s at its optimum it is ½ Σ log L + a constant: the direction of the geometric mean (GLS).
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Paper, Scalarizer, State
from two_heads.weightings.ops import Array


def uw_initial(k: int) -> State:
    """s = log σ² = 0 for each head: all weights start at ½."""
    return {"log_variances": ops.zeros((k,))}


def uw_weights(losses: Array, state: State) -> Array:
    """½ e^(-s) each."""
    return 0.5 * ops.exp(-state["log_variances"])


def uw_gradients(losses: Array, state: State) -> State:
    """The derivative of the total with respect to each s: ½ (1 - e^(-s) L). It is 0 at e^s = L."""
    return {"log_variances": 0.5 * (1 - ops.exp(-state["log_variances"]) * losses)}


SCALARIZER = Scalarizer(
    key="uw",
    title="Uncertainty weighting (UW)",
    rule="Divide each loss by twice a learned variance, and add half of the variance's logarithm.",
    paper=Paper(
        "Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and Semantics",
        2017,
        "https://arxiv.org/abs/1705.07115",
    ),
    trap="The total may be negative, and a loss that stays negative makes its weight grow without end.",
    initial=uw_initial,
    weights=uw_weights,
    gradients=uw_gradients,
)
