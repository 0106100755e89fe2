"""The equation behind Nash-MTL and FairGrad, solved without a solver package."""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.gramian import lengths_and_cosines, positive_definite, without_zero_gradients
from two_heads.weightings.ops import Array


def bargain(gramian: Array) -> Array:
    """The α > 0 with Gα = 1/α: the minimum of ½αᵀGα - Σ log αᵢ, by damped Newton steps.

    It is computed for gradients of length 1 and divided by their lengths. |Jᵀα| is √K, but less if the gradients almost
    cancel. If a sum of them with positive weights is 0, no α solves the equation, so `positive_definite` changes G.
    """
    lengths, cosines = lengths_and_cosines(gramian)
    cosines = positive_definite(cosines)
    k = gramian.shape[0]

    def scaled(a: Array) -> Array:
        return a * ops.sqrt(k / ops.sum(a * ops.matmul(cosines, a)))

    def unfinished(a: Array, decrement: Array) -> Array:
        return decrement > 1e-9

    def newton(a: Array, decrement: Array) -> tuple[Array, Array]:
        slope = ops.matmul(cosines, a) - 1 / a
        curvature = cosines + ops.eye(k, dtype="float64") / (a * a)
        move = -ops.solve(curvature, slope[:, None])[:, 0]
        decrement = ops.sqrt(ops.maximum(-ops.sum(slope * move), 0.0))
        damping = ops.where(decrement > 0.25, 1 / (1 + decrement), 1.0)
        return scaled(a + damping * move), decrement

    start = scaled(ops.ones((k,), dtype="float64"))
    a, _ = ops.while_loop(unfinished, newton, (start, ops.sum(start)), maximum_iterations=60)
    return without_zero_gradients(a / lengths, lengths)
