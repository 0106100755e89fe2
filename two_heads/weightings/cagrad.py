"""CAGrad: near the mean gradient, the step that helps the worst head most.

Hyperparameters: c = 0.5 (LibMTL), the ball's radius ÷ the mean gradient's length; the step is not rescaled (TorchJD).
Relation to others: The mean at c = 0. Equal gradients give 1 + c times the mean.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Aggregator, Paper
from two_heads.weightings.gramian import (
    lengths_and_cosines,
    or_mean,
    positive_definite,
    prepared,
    without_zero_gradients,
)
from two_heads.weightings.ops import Array
from two_heads.weightings.projection import nonnegative_minimum


def cagrad_weights(gramian: Array, c: float = 0.5) -> Array:
    """The weights of the step d that maximizes the smallest gᵢᵀd, at most c · |mean gradient| from the mean gradient.

    `nonnegative_minimum` finds the nearest d with gᵢᵀd ≥ t for all i. Its distance from the mean gradient
    grows with t and is convex in t, so Newton's method finds the t at which it reaches the radius.
    """
    gramian, _, usable = prepared(gramian)
    lengths, cosines = lengths_and_cosines(gramian)
    cosines = positive_definite(cosines)
    k = gramian.shape[0]
    mean = ops.ones((k,), dtype="float64") / k
    along = ops.matmul(cosines, lengths * mean)  # the mean gradient's product with each gradient ÷ its length
    radius = c * ops.sqrt(ops.maximum(ops.sum(lengths * mean * along), 0.0))

    def nearest(t: Array) -> tuple[Array, Array]:
        pull = nonnegative_minimum(cosines, (t / lengths - along)[None, :])[0]
        return pull, ops.sqrt(ops.maximum(ops.sum(pull * ops.matmul(cosines, pull)), 0.0))

    def too_far(t: Array, pull: Array, distance: Array) -> Array:
        return distance > radius * (1 + 1e-10)

    def newton(t: Array, pull: Array, distance: Array) -> tuple[Array, Array, Array]:
        t = t - (distance - radius) * distance / ops.maximum(ops.sum(pull / lengths), 1e-300)
        return t, *nearest(t)

    enough = ops.min(lengths * (along + radius))  # no d within the radius reaches a larger t
    _, pull, _ = ops.while_loop(too_far, newton, (enough, *nearest(enough)), maximum_iterations=30)
    return or_mean(mean + without_zero_gradients(pull / lengths, lengths), usable)


AGGREGATOR = Aggregator(
    key="cagrad",
    title="CAGrad",
    rule="Within a ball around the mean gradient, take the step that lowers the worst head's loss most.",
    paper=Paper("Conflict-Averse Gradient Descent for Multi-task Learning", 2021, "https://arxiv.org/abs/2110.14048"),
    trap="The step is up to 1 + c times as long as the mean's. The paper's toy divides by 1 + c, LibMTL by 1 + c².",
    function=cagrad_weights,
)
