"""Fixed weights: the visitor's own, as in the `loss_weights` of Keras."""

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


def fixed_total(losses: Array, state: State) -> Array:
    """The weighted sum of the losses."""
    return ops.sum(state["weights"] * losses)


SCALARIZER = Scalarizer(
    key="fixed",
    title="Fixed weights",
    rule="Minimise a sum of the head losses with weights that never change.",
    paper=None,
    default="Weights of 1, as in Keras.",
    trap="No choice of weights reaches a trade-off in a concave part of the front.",
    coincides="The sum if all weights are 1, the mean if all are 1/K.",
    initial=fixed_initial,
    weights=fixed_weights,
    total=fixed_total,
)
