"""DWA: a loss that falls more slowly than the others gets more weight.

Hyperparameters: Temperature T = 2 (the paper).
Relation to others: The sum in its first two epochs, and whenever all losses fall by the same factor.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Paper, Scalarizer, State
from two_heads.weightings.ops import Array


def dwa_initial(k: int) -> State:
    """Weights of 1, which stay until two epochs are over."""
    return {"weights": ops.ones((k,)), "previous": ops.zeros((k,)), "temperature": 2.0 * ops.ones(())}


def dwa_weights(losses: Array, state: State) -> Array:
    """The weights of this epoch."""
    return state["weights"]


def dwa_after_epoch(state: State, losses: Array) -> State:
    """K · softmax(r / T), where r is the ratio of an epoch's mean loss to that of the epoch before.

    r is 1 if it is unknown: after the first epoch, or if a loss was 0 or is not finite.
    """
    previous = state["previous"]
    known = ops.logical_and(previous != 0, ops.logical_and(ops.isfinite(previous), ops.isfinite(losses)))
    ratio = ops.where(known, losses / ops.where(known, previous, 1.0), 1.0)
    return {**state, "weights": losses.shape[0] * ops.softmax(ratio / state["temperature"]), "previous": losses}


SCALARIZER = Scalarizer(
    key="dwa",
    title="Dynamic weight average (DWA)",
    rule="After each epoch, give more weight to the losses that fell least from the epoch before.",
    paper=Paper("End-to-End Multi-Task Learning with Attention", 2018, "https://arxiv.org/abs/1803.10704"),
    trap="The weights hardly move: ratios of 0.9 and 1 give weights of 0.975 and 1.025.",
    initial=dwa_initial,
    weights=dwa_weights,
    after_epoch=dwa_after_epoch,
)
