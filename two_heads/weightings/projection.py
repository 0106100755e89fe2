"""MGDA, UPGrad, DualProj and CAGrad, and the quadratic problem behind them, solved without a solver package."""

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


def nonnegative_minimum(matrix: Array, linear: Array) -> Array:
    """For each row b of `linear` (R, K): the z ≥ 0 with the least ½ zᵀMz - bᵀz. M (K, K) is positive definite.

    This is the active-set method of Lawson and Hanson. Some entries of z are free, the others are 0. A step goes to
    the minimum over the free entries, or towards it until an entry becomes 0, which is then no longer free. At the
    minimum, the entry along which the value falls most steeply becomes free. If there is no such entry, z is exact.
    """
    k = matrix.shape[0]
    identity = ops.eye(k, dtype="float64")

    def unfinished(z: Array, free: Array, active: Array) -> Array:
        return ops.any(active)

    def step(z: Array, free: Array, active: Array) -> tuple[Array, Array, Array]:
        system = free[:, :, None] * free[:, None, :] * matrix + (1 - free)[:, :, None] * identity
        target = ops.solve(system, (free * linear)[:, :, None])[:, :, 0]
        leaving = ops.logical_and(free > 0, target <= 0)
        room = ops.where(leaving, z / ops.maximum(z - target, 1e-300), 1.0)
        nearest = ops.min(room, axis=-1, keepdims=True)
        blocked = ops.logical_and(leaving, room <= nearest)
        free = ops.where(blocked, 0.0, free)
        z = free * ops.maximum(z + nearest * (target - z), 0.0)

        slope = linear - ops.matmul(z, matrix)
        rounding = 1e-12 * (ops.abs(linear) + ops.matmul(z, ops.abs(matrix)))
        slope = ops.where(free > 0, -1.0, slope - rounding)
        arrived = ops.logical_not(ops.any(leaving, axis=-1, keepdims=True))
        steeper = ops.logical_and(arrived, ops.max(slope, axis=-1, keepdims=True) > 0)
        steepest = ops.one_hot(ops.argmax(slope, axis=-1), k, dtype="float64")
        free = ops.where(steeper, ops.maximum(free, steepest), free)
        return z, free, ops.logical_or(ops.logical_not(arrived), steeper)

    start = ops.zeros_like(linear)
    active = ops.any(linear > 0, axis=-1, keepdims=True)
    z, _, _ = ops.while_loop(unfinished, step, (start, start, active), maximum_iterations=8 * k)
    return z


def onto_dual_cone(gramian: Array, weights: Array, regularisation: float = 1e-4) -> Array:
    """For each row u of `weights` (R, K): the v ≥ u with the least vᵀGv.

    Jᵀv is the projection of Jᵀu onto the dual cone: the nearest vector whose product with no gradient is negative.
    The Gramian is divided by its trace, and `regularisation` is added to its diagonal, as in TorchJD. Small conflicts
    with a gradient far shorter than the others may therefore remain.
    """
    k = gramian.shape[0]
    gramian = gramian / ops.sum(ops.diagonal(gramian)) + regularisation * ops.eye(k, dtype="float64")
    return weights + nonnegative_minimum(gramian, -ops.matmul(weights, gramian))


def mgda_weights(gramian: Array) -> Array:
    """The α ≥ 0 with sum 1 and the least αᵀGα = |Jᵀα|².

    It is proportional to the z ≥ 0 with the least ½ zᵀGz - Σz.
    """
    gramian, _, usable = prepared(gramian)
    lengths, cosines = lengths_and_cosines(gramian)
    scaled = ops.min(lengths) / lengths
    weights = nonnegative_minimum(positive_definite(cosines), scaled[None, :])[0] * scaled
    return or_mean(weights / ops.sum(weights), usable)


#: MGDA: the shortest vector among all weighted means of the gradients.
#: Relation to others: IMTL-G, for gradients of one length whose weights are all positive; with two of them, the mean,
#: too.
MGDA = Aggregator(
    key="mgda",
    title="MGDA",
    rule="Step along the shortest of all weighted means of the gradients.",
    paper=Paper("Multi-Task Learning as Multi-Objective Optimization", 2018, "https://arxiv.org/abs/1810.04650"),
    trap="The shortest gradient decides: a head that has almost converged takes nearly all of the weight.",
    function=mgda_weights,
)


def upgrad_weights(gramian: Array) -> Array:
    """The weights of the mean of all gradients, each projected onto the dual cone."""
    gramian, _, usable = prepared(gramian)
    k = gramian.shape[0]
    projected = onto_dual_cone(gramian, ops.eye(k, dtype="float64") / k)
    return or_mean(ops.sum(projected, axis=0), usable)


#: UPGrad: project each gradient so that it conflicts with none, then take the mean.
#: Hyperparameters: Regularisation 1e-4 of the Gramian divided by its trace (TorchJD).
#: Relation to others: With two heads, UPGrad's step is half of PCGrad's, apart from regularisation.
UPGRAD = Aggregator(
    key="upgrad",
    title="UPGrad",
    rule="Move each gradient to the nearest vector that conflicts with no gradient, then take their mean.",
    paper=Paper("Jacobian Descent for Multi-Objective Optimization", 2024, "https://arxiv.org/abs/2406.16232"),
    trap="The regularisation hides a gradient that is a hundred times shorter than the others.",
    function=upgrad_weights,
)


def dualproj_weights(gramian: Array) -> Array:
    """The weights of the mean gradient, projected onto the dual cone."""
    gramian, _, usable = prepared(gramian)
    k = gramian.shape[0]
    mean = ops.ones((1, k), dtype="float64") / k
    return or_mean(onto_dual_cone(gramian, mean)[0], usable)


#: DualProj: project the mean gradient so that it conflicts with none.
#: Hyperparameters: Regularisation 1e-4 of the Gramian divided by its trace (TorchJD).
#: Relation to others: The mean, as long as the mean gradient conflicts with no head's gradient.
DUALPROJ = Aggregator(
    key="dualproj",
    title="DualProj",
    rule="Move the mean gradient to the nearest vector that conflicts with no gradient.",
    paper=Paper("Gradient Episodic Memory for Continual Learning", 2017, "https://arxiv.org/abs/1706.08840"),
    trap="A head with a short gradient gets a step that barely avoids harming it.",
    function=dualproj_weights,
)


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


#: CAGrad: near the mean gradient, the step that helps the worst head most.
#: Hyperparameters: c = 0.5 (LibMTL), the ball's radius ÷ the mean gradient's length. The step is not rescaled
#: (TorchJD).
#: Relation to others: The mean at c = 0. Equal gradients give 1 + c times the mean.
CAGRAD = Aggregator(
    key="cagrad",
    title="CAGrad",
    rule="Within a ball around the mean gradient, take the step that lowers the worst head's loss most.",
    paper=Paper("Conflict-Averse Gradient Descent for Multi-task Learning", 2021, "https://arxiv.org/abs/2110.14048"),
    trap="The step is up to 1 + c times as long as the mean's. The paper's toy divides by 1 + c, LibMTL by 1 + c².",
    function=cagrad_weights,
)
