"""The quadratic problem behind MGDA, UPGrad, DualProj and CAGrad, solved without a solver package."""

from __future__ import annotations

from two_heads.weightings import ops
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
