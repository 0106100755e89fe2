"""RLW: new random weights at every step."""

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


def rlw_total(losses: Array, state: State) -> Array:
    """The weighted sum of the losses."""
    return ops.sum(ops.softmax(state["noise"]) * losses)


SCALARIZER = Scalarizer(
    key="rlw",
    title="Random weights (RLW)",
    rule="At every step, draw random weights with the sum 1.",
    paper=Paper(
        "Reasonable Effectiveness of Random Weighting: A Litmus Test for Multi-Task Learning",
        2021,
        "https://arxiv.org/abs/2111.10603",
    ),
    default="The softmax of standard normal numbers (the paper).",
    trap="It is the control: a method that does not beat it has not shown that its weights matter.",
    coincides="The mean, on average over many steps.",
    initial=rlw_initial,
    weights=rlw_weights,
    total=rlw_total,
    before_step=rlw_before_step,
    needs=frozenset({"noise"}),
)
