"""FAMO: weights that make all losses fall by the same factor, learned from the effect of each step.

Hyperparameters: Adam at a rate of 0.025 with decay γ = 0.001 for the logits (the authors' code; γ = 0 in its toy).
Relation to others: Its first step has the direction of the geometric mean, because all logits start equal.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.adam import adam_start, adam_step
from two_heads.weightings.base import Paper, Scalarizer, State
from two_heads.weightings.ops import Array


def famo_initial(k: int) -> State:
    """Equal weights. `lowest` is the least value that each loss can have."""
    one = ops.ones(())
    return {**adam_start(k), "lowest": ops.zeros((k,)), "rate": 0.025 * one, "decay": 0.001 * one}


def famo_distance(losses: Array, state: State) -> Array:
    """How far each loss is above its lowest value, at least 1e-8."""
    return ops.maximum(losses - state["lowest"], 0.0) + 1e-8


def famo_weights(losses: Array, state: State) -> Array:
    """z ÷ distance, divided by its sum, with z = softmax(logits)."""
    weights = ops.softmax(state["logits"]) / famo_distance(losses, state)
    return weights / ops.sum(weights)


def famo_after_step(state: State, losses: Array, losses_after: Array, gramian: Array) -> State:
    """Move the logits by Adam: towards the losses whose logarithm the step lowered least."""
    z = ops.softmax(state["logits"])
    fall = ops.log(famo_distance(losses, state)) - ops.log(famo_distance(losses_after, state))
    gradient = z * (fall - ops.sum(z * fall)) + state["decay"] * state["logits"]
    return adam_step(state, gradient, state["rate"])


SCALARIZER = Scalarizer(
    key="famo",
    title="FAMO",
    rule="Lower the logarithms of all losses equally, by weights that learn from the last step's effect.",
    paper=Paper("FAMO: Fast Adaptive Multitask Optimization", 2023, "https://arxiv.org/abs/2306.03792"),
    trap="It needs one more forward pass on the same batch, and losses that stay above their lowest value.",
    initial=famo_initial,
    weights=famo_weights,
    after_step=famo_after_step,
    needs=frozenset({"losses_after"}),
)
