"""The mean, as a scalarizer and as an aggregator: the yardstick for all others."""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Aggregator, Scalarizer, State
from two_heads.weightings.ops import Array


def mean_initial(k: int) -> State:
    """No state."""
    return {}


def mean_weights(losses: Array, state: State) -> Array:
    """1/K each."""
    return ops.ones_like(losses) / losses.shape[0]


def mean_total(losses: Array, state: State) -> Array:
    """The mean of the losses."""
    return ops.mean(losses)


def mean_of_gradients(gramian: Array) -> Array:
    """1/K each, whatever the gradients."""
    return ops.ones(gramian.shape[0], dtype="float64") / gramian.shape[0]


SCALARIZER = Scalarizer(
    key="mean",
    title="Mean",
    rule="Minimise the mean of the head losses.",
    paper=None,
    default="No hyperparameter.",
    trap="With K heads, its step is K times shorter than that of the sum at the same learning rate.",
    coincides="The sum, at K times the learning rate.",
    initial=mean_initial,
    weights=mean_weights,
    total=mean_total,
)

AGGREGATOR = Aggregator(
    key="mean",
    title="Mean",
    rule="Step along the mean of the heads' gradients.",
    paper=None,
    default="No hyperparameter.",
    trap="If gradients conflict, a long one decides, and the other head's loss may rise.",
    coincides="The gradient of the mean loss, so one backward pass would be enough.",
    function=mean_of_gradients,
)
