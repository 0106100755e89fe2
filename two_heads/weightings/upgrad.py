"""UPGrad: project each gradient so that it conflicts with none, then take the mean.

Hyperparameters: Regularisation 1e-4 of the Gramian divided by its trace (TorchJD).
Relation to others: With two heads, UPGrad's step is half of PCGrad's, apart from regularisation.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Aggregator, Paper
from two_heads.weightings.gramian import or_mean, prepared
from two_heads.weightings.ops import Array
from two_heads.weightings.projection import onto_dual_cone


def upgrad_weights(gramian: Array) -> Array:
    """The weights of the mean of all gradients, each projected onto the dual cone."""
    gramian, _, usable = prepared(gramian)
    k = gramian.shape[0]
    projected = onto_dual_cone(gramian, ops.eye(k, dtype="float64") / k)
    return or_mean(ops.sum(projected, axis=0), usable)


AGGREGATOR = Aggregator(
    key="upgrad",
    title="UPGrad",
    rule="Move each gradient to the nearest vector that conflicts with no gradient, then take their mean.",
    paper=Paper("Jacobian Descent for Multi-Objective Optimization", 2024, "https://arxiv.org/abs/2406.16232"),
    trap="The regularisation hides a gradient that is a hundred times shorter than the others.",
    function=upgrad_weights,
)
