"""The sum: what Keras does with several losses.

Relation to others: The mean, at a learning rate divided by K; fixed weights that are all 1.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Scalarizer, State
from two_heads.weightings.ops import Array


def sum_weights(losses: Array, state: State) -> Array:
    """1 each."""
    return ops.ones_like(losses)


SCALARIZER = Scalarizer(
    key="sum",
    title="Sum",
    rule="Minimise the sum of the head losses.",
    trap="A head whose loss is on a larger scale gets most of the trunk.",
    weights=sum_weights,
)
