"""Nash-MTL: the Nash bargaining solution among the heads.

Hyperparameters: The step is clipped to the length 1 (the authors' code and TorchJD). It is computed again at every
step.
Relation to others: FairGrad with α = 1 before clipping; with two heads, the direction of IMTL-G: the bisector.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.bargaining import bargain
from two_heads.weightings.base import Aggregator, Paper
from two_heads.weightings.gramian import or_mean, prepared
from two_heads.weightings.ops import Array


def nash_weights(gramian: Array, max_norm: float = 1.0) -> Array:
    """The α with Gα = 1/α, shortened so that the step |Jᵀα|, which is √K, is at most `max_norm`.

    Gradients that almost cancel give a shorter step (`bargain`).
    """
    gramian, largest, usable = prepared(gramian)
    shorter = min(1.0, max_norm / gramian.shape[0] ** 0.5)
    return or_mean(bargain(gramian) / ops.sqrt(largest) * shorter, usable)


AGGREGATOR = Aggregator(
    key="nash",
    title="Nash-MTL",
    rule="Of all steps of one length, take the one with the largest product of all heads' gains.",
    paper=Paper("Multi-Task Learning as a Bargaining Game", 2022, "https://arxiv.org/abs/2202.01017"),
    trap="The step has the length 1 until the gradients almost cancel each other: with a fixed rate, SGD does not "
    "settle.",
    function=nash_weights,
)
