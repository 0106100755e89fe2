"""FairGrad: the α-fair step, for α = 1 (proportional fairness).

Hyperparameters: α = 1 (LibMTL). The authors' experiments also use α = 2, which Two Heads does not offer.
Relation to others: Nash-MTL before clipping, because both solve Gw = 1/w; with two heads, the direction of IMTL-G.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.bargaining import bargain
from two_heads.weightings.base import Aggregator, Paper
from two_heads.weightings.gramian import or_mean, prepared
from two_heads.weightings.ops import Array


def fairgrad_weights(gramian: Array) -> Array:
    """The w with Gw = 1/w: the step that has the largest sum of the logarithms of all heads' gains."""
    gramian, largest, usable = prepared(gramian)
    return or_mean(bargain(gramian) / ops.sqrt(largest), usable)


AGGREGATOR = Aggregator(
    key="fairgrad",
    title="FairGrad",
    rule="Take the step with the largest sum of the logarithms of all heads' gains.",
    paper=Paper("Fair Resource Allocation in Multi-Task Learning", 2024, "https://arxiv.org/abs/2402.15638"),
    trap="The step has the length √K until the gradients almost cancel each other: with a fixed rate, SGD does not "
    "settle.",
    function=fairgrad_weights,
)
