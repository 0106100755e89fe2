"""MGDA: the shortest vector among all weighted means of the gradients.

Relation to others: IMTL-G, for gradients of one length whose weights are all positive; with two of them, the mean,
too.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Aggregator, Paper
from two_heads.weightings.gramian import lengths_and_cosines, or_mean, positive_definite, prepared
from two_heads.weightings.ops import Array
from two_heads.weightings.projection import nonnegative_minimum


def mgda_weights(gramian: Array) -> Array:
    """The α ≥ 0 with sum 1 and the least αᵀGα = |Jᵀα|².

    It is proportional to the z ≥ 0 with the least ½ zᵀGz - Σz.
    """
    gramian, _, usable = prepared(gramian)
    lengths, cosines = lengths_and_cosines(gramian)
    scaled = ops.min(lengths) / lengths
    weights = nonnegative_minimum(positive_definite(cosines), scaled[None, :])[0] * scaled
    return or_mean(weights / ops.sum(weights), usable)


AGGREGATOR = Aggregator(
    key="mgda",
    title="MGDA",
    rule="Step along the shortest of all weighted means of the gradients.",
    paper=Paper("Multi-Task Learning as Multi-Objective Optimization", 2018, "https://arxiv.org/abs/1810.04650"),
    trap="The shortest gradient decides: a head that has almost converged takes nearly all of the weight.",
    function=mgda_weights,
)
