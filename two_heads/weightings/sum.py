"""The sum: what Keras does with several losses."""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Scalarizer, State
from two_heads.weightings.ops import Array


def sum_initial(k: int) -> State:
    """No state."""
    return {}


def sum_weights(losses: Array, state: State) -> Array:
    """1 each."""
    return ops.ones_like(losses)


def sum_total(losses: Array, state: State) -> Array:
    """The sum of the losses."""
    return ops.sum(losses)


SCALARIZER = Scalarizer(
    key="sum",
    title="Sum",
    rule="Minimise the sum of the head losses.",
    paper=None,
    default="No hyperparameter.",
    trap="A head whose loss is on a larger scale gets most of the trunk.",
    coincides="The mean, at a learning rate divided by K; fixed weights that are all 1.",
    initial=sum_initial,
    weights=sum_weights,
    total=sum_total,
)
