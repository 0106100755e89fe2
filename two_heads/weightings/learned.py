"""FAMO and GradNorm, whose weights Adam moves, without the network's optimizer."""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Paper, Scalarizer, State
from two_heads.weightings.ops import Array


def adam_start(k: int) -> State:
    """K variables at 0, the moments that Adam keeps of their gradients, and the number of steps."""
    zeros = ops.zeros((k,))
    return {"logits": zeros, "momentum": zeros, "squares": zeros, "steps": ops.zeros(())}


def adam_step(state: State, gradient: Array, rate: Array) -> State:
    """One step of Adam on the logits, with its usual constants. A gradient that is not finite counts as 0."""
    gradient = ops.where(ops.isfinite(gradient), gradient, 0.0)
    steps = state["steps"] + 1
    momentum = 0.9 * state["momentum"] + 0.1 * gradient
    squares = 0.999 * state["squares"] + 0.001 * gradient * gradient
    size = ops.sqrt(squares / (1 - 0.999**steps)) + 1e-8
    logits = state["logits"] - rate * momentum / (1 - 0.9**steps) / size
    return {**state, "logits": logits, "momentum": momentum, "squares": squares, "steps": steps}


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


#: FAMO: weights that make all losses fall by the same factor, learned from the effect of each step.
#: Hyperparameters: Adam at a rate of 0.025 with decay γ = 0.001 for the logits (the authors' code; γ = 0 in its toy).
#: Relation to others: Its first step has the direction of the geometric mean, because all logits start equal.
FAMO = Scalarizer(
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


#: GradNorm: weights that make all gradients equally long, and longer for a loss that lags behind.
#: Hyperparameters: α = 1.5 (the paper and LibMTL); weights by softmax (LibMTL). This app moves them by Adam at 0.025,
#: and divides the lengths of the gradients by their mean.
#: Relation to others: The sum in its first step.
GRADNORM = Scalarizer(
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
