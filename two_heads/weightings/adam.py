"""Adam, for variables that a method moves itself, without the network's optimizer."""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import State
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
