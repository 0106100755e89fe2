"""The mean, as a scalarizer and as an aggregator: the yardstick for all others.

As a scalarizer. Relation to others: The sum, at K times the learning rate.
As an aggregator. Relation to others: The gradient of the mean loss, so one backward pass would be enough.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Aggregator, Scalarizer, State
from two_heads.weightings.ops import Array


def mean_weights(losses: Array, state: State) -> Array:
    """1/K each."""
    return ops.ones_like(losses) / losses.shape[0]


def mean_of_gradients(gramian: Array) -> Array:
    """1/K each, whatever the gradients."""
    return ops.ones(gramian.shape[0], dtype="float64") / gramian.shape[0]


SCALARIZER = Scalarizer(
    key="mean",
    title="Mean",
    rule="Minimise the mean of the head losses.",
    trap="With K heads, its step is K times shorter than that of the sum at the same learning rate.",
    weights=mean_weights,
)

AGGREGATOR = Aggregator(
    key="mean",
    title="Mean",
    rule="Step along the mean of the heads' gradients.",
    trap="If gradients conflict, a long one decides, and the other head's loss may rise.",
    function=mean_of_gradients,
)
