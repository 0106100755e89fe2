"""Fixed weights: the visitor's own, as in the `loss_weights` of Keras.

Hyperparameters: Weights of 1, as in Keras.
Relation to others: The sum if all weights are 1, the mean if all are 1/K.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Scalarizer, State
from two_heads.weightings.ops import Array


def fixed_initial(k: int) -> State:
    """Weights of 1; replace them with your own."""
    return {"weights": ops.ones((k,))}


def fixed_weights(losses: Array, state: State) -> Array:
    """The fixed weights."""
    return state["weights"]


SCALARIZER = Scalarizer(
    key="fixed",
    title="Fixed weights",
    rule="Minimise a sum of the head losses with weights that never change.",
    trap="No choice of weights reaches a trade-off in a concave part of the front.",
    initial=fixed_initial,
    weights=fixed_weights,
)
