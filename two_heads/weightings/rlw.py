"""RLW: new random weights at every step.

Hyperparameters: The softmax of standard normal numbers (the paper).
Relation to others: The mean, on average over many steps.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Paper, Scalarizer, State
from two_heads.weightings.ops import Array


def rlw_initial(k: int) -> State:
    """No noise yet: equal weights."""
    return {"noise": ops.zeros((k,))}


def rlw_before_step(state: State, noise: Array) -> State:
    """Keep the standard normal numbers of this step."""
    return {"noise": noise}


def rlw_weights(losses: Array, state: State) -> Array:
    """softmax(noise)."""
    return ops.softmax(state["noise"])


SCALARIZER = Scalarizer(
    key="rlw",
    title="Random weights (RLW)",
    rule="At every step, draw random weights with the sum 1.",
    paper=Paper(
        "Reasonable Effectiveness of Random Weighting: A Litmus Test for Multi-Task Learning",
        2021,
        "https://arxiv.org/abs/2111.10603",
    ),
    trap="It is the control: a method that does not beat it has not shown that its weights matter.",
    initial=rlw_initial,
    weights=rlw_weights,
    before_step=rlw_before_step,
)
