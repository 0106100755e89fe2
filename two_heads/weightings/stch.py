"""STCH: a smooth maximum of the losses.

Hyperparameters: μ = 1 (LibMTL, which uses the losses' logarithms), preferences of 1/K and an ideal value of 0
(TorchJD).
Relation to others: With equal preferences, the direction of the mean for equal losses, or for μ far above all losses.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Paper, Scalarizer, State
from two_heads.weightings.ops import Array


def stch_initial(k: int) -> State:
    """Equal preferences with the sum 1, an ideal value of 0 for each loss, and μ = 1."""
    return {"preferences": ops.ones((k,)) / k, "ideal": ops.zeros((k,)), "smoothing": ops.ones(())}


def stch_weights(losses: Array, state: State) -> Array:
    """λ · softmax(λ (L - ideal) / μ)."""
    scaled = state["preferences"] * (losses - state["ideal"])
    return state["preferences"] * ops.softmax(scaled / state["smoothing"])


SCALARIZER = Scalarizer(
    key="stch",
    title="Smooth Tchebycheff (STCH)",
    rule="Minimise a smooth maximum of the losses' distances from their ideal values.",
    paper=Paper(
        "Smooth Tchebycheff Scalarization for Multi-Objective Optimization", 2024, "https://arxiv.org/abs/2402.19078"
    ),
    trap="With μ too large it is a weighted sum, which ends at an end of a concave front.",
    initial=stch_initial,
    weights=stch_weights,
)
