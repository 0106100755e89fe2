"""Nash-MTL and FairGrad, and the equation behind them, solved without a solver package."""

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


def nash_weights(gramian: Array, max_norm: float = 1.0) -> Array:
    """The α with Gα = 1/α, shortened so that the step |Jᵀα|, which is √K, is at most `max_norm`.

    Gradients that almost cancel give a shorter step (`bargain`).
    """
    gramian, largest, usable = prepared(gramian)
    shorter = min(1.0, max_norm / gramian.shape[0] ** 0.5)
    return or_mean(bargain(gramian) / ops.sqrt(largest) * shorter, usable)


#: Nash-MTL: the Nash bargaining solution among the heads.
#: Hyperparameters: The step is clipped to the length 1 (the authors' code and TorchJD). It is computed again at every
#: step.
#: Relation to others: FairGrad with α = 1 before clipping; with two heads, the direction of IMTL-G: the bisector.
NASH = Aggregator(
    key="nash",
    title="Nash-MTL",
    rule="Of all steps of one length, take the one with the largest product of all heads' gains.",
    paper=Paper("Multi-Task Learning as a Bargaining Game", 2022, "https://arxiv.org/abs/2202.01017"),
    trap="The step has the length 1 until the gradients almost cancel each other: with a fixed rate, SGD does not "
    "settle.",
    function=nash_weights,
)


def fairgrad_weights(gramian: Array) -> Array:
    """The w with Gw = 1/w: the step that has the largest sum of the logarithms of all heads' gains."""
    gramian, largest, usable = prepared(gramian)
    return or_mean(bargain(gramian) / ops.sqrt(largest), usable)


#: FairGrad: the α-fair step, for α = 1 (proportional fairness).
#: Hyperparameters: α = 1 (LibMTL). The authors' experiments also use α = 2, which Two Heads does not offer.
#: Relation to others: Nash-MTL before clipping, because both solve Gw = 1/w; with two heads, the direction of IMTL-G.
FAIRGRAD = Aggregator(
    key="fairgrad",
    title="FairGrad",
    rule="Take the step with the largest sum of the logarithms of all heads' gains.",
    paper=Paper("Fair Resource Allocation in Multi-Task Learning", 2024, "https://arxiv.org/abs/2402.15638"),
    trap="The step has the length √K until the gradients almost cancel each other: with a fixed rate, SGD does not "
    "settle.",
    function=fairgrad_weights,
)
