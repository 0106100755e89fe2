"""DualProj: project the mean gradient so that it conflicts with none.

Hyperparameters: Regularisation 1e-4 of the Gramian divided by its trace (TorchJD).
Relation to others: The mean, as long as the mean gradient conflicts with no head's gradient.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Aggregator, Paper
from two_heads.weightings.gramian import or_mean, prepared
from two_heads.weightings.ops import Array
from two_heads.weightings.projection import onto_dual_cone


def dualproj_weights(gramian: Array) -> Array:
    """The weights of the mean gradient, projected onto the dual cone."""
    gramian, _, usable = prepared(gramian)
    k = gramian.shape[0]
    mean = ops.ones((1, k), dtype="float64") / k
    return or_mean(onto_dual_cone(gramian, mean)[0], usable)


AGGREGATOR = Aggregator(
    key="dualproj",
    title="DualProj",
    rule="Move the mean gradient to the nearest vector that conflicts with no gradient.",
    paper=Paper("Gradient Episodic Memory for Continual Learning", 2017, "https://arxiv.org/abs/1706.08840"),
    trap="A head with a short gradient gets a step that barely avoids harming it.",
    function=dualproj_weights,
)
