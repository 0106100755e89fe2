"""Aligned-MTL: replace the gradients by orthogonal ones of one length, then take the mean.

Hyperparameters: Scaled by the smallest eigenvalue (the paper's Algorithm 1 and TorchJD).
Relation to others: The mean, for gradients that are orthogonal and of one length.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Aggregator, Paper
from two_heads.weightings.gramian import or_mean, prepared
from two_heads.weightings.ops import Array


def aligned_mtl_weights(gramian: Array) -> Array:
    """√(smallest eigenvalue) · G^(-1/2) · the mean's weights.

    Only eigenvalues above K times the resolution of float32, relative to the largest, count.
    """
    gramian, _, usable = prepared(gramian)
    k = gramian.shape[0]
    values, vectors = ops.eigh(gramian)
    counts = values > k * 1.2e-7 * ops.max(values)
    values = ops.where(counts, values, ops.max(values))
    shrink = ops.where(counts, ops.sqrt(ops.min(values) / values), 0.0)
    return or_mean(ops.matmul(vectors, shrink * ops.mean(vectors, axis=0)), usable)


AGGREGATOR = Aggregator(
    key="aligned_mtl",
    title="Aligned-MTL",
    rule="Replace the gradients by the nearest orthogonal ones, all as long as the smallest principal component.",
    paper=Paper("Independent Component Alignment for Multi-Task Learning", 2023, "https://arxiv.org/abs/2305.19000"),
    trap="Gradients that are nearly parallel or opposite have a tiny smallest eigenvalue, so the step almost stops.",
    function=aligned_mtl_weights,
)
