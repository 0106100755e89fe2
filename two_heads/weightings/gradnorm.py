"""GradNorm: weights that make all gradients equally long, and longer for a loss that lags behind.

Hyperparameters: α = 1.5 (the paper and LibMTL); weights by softmax (LibMTL). This app moves them by Adam at 0.025,
and divides the lengths of the gradients by their mean.
Relation to others: The sum in its first step.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.adam import adam_start, adam_step
from two_heads.weightings.base import Paper, Scalarizer, State
from two_heads.weightings.ops import Array


def gradnorm_initial(k: int) -> State:
    """Weights of 1. `first` becomes the losses of the first step."""
    one = ops.ones(())
    return {**adam_start(k), "first": ops.ones((k,)), "asymmetry": 1.5 * one, "rate": 0.025 * one}


def gradnorm_weights(losses: Array, state: State) -> Array:
    """K · softmax(logits)."""
    return losses.shape[0] * ops.softmax(state["logits"])


def gradnorm_after_step(state: State, losses: Array, losses_after: Array, gramian: Array) -> State:
    """Move the logits by Adam so that the weighted gradients come closer to their target lengths.

    Their targets are their mean length times (progress ÷ mean progress)^α, where progress is a loss ÷ the first one.
    The sum of the distances from the targets, which are held constant, has the derivative sign · length with respect to
    the logarithm of each weight. Lengths are divided by their mean.
    """
    first = ops.where(state["steps"] > 0, state["first"], losses)
    progress = ops.maximum(losses, 0.0) / ops.maximum(first, 1e-8)
    relative = progress / ops.maximum(ops.mean(progress), 1e-8)
    weights = gradnorm_weights(losses, state)
    lengths = weights * ops.sqrt(ops.maximum(ops.diagonal(gramian), 0.0))
    lengths = lengths / ops.maximum(ops.mean(lengths), 1e-30)
    by_weight = ops.sign(lengths - relative ** state["asymmetry"]) * lengths
    gradient = by_weight - ops.mean(by_weight) * weights
    return adam_step({**state, "first": first}, gradient, state["rate"])


SCALARIZER = Scalarizer(
    key="gradnorm",
    title="GradNorm",
    rule="Learn weights that give every loss a gradient of one length, longer if a loss lags behind.",
    paper=Paper(
        "GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask Networks",
        2017,
        "https://arxiv.org/abs/1711.02257",
    ),
    trap="It needs the gradients of all K losses for the last shared layer, at every step.",
    initial=gradnorm_initial,
    weights=gradnorm_weights,
    after_step=gradnorm_after_step,
    needs=frozenset({"gramian"}),
)
