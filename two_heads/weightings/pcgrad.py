"""PCGrad: if two gradients conflict, remove from each its part along the other.

Hyperparameters: Every gradient meets the others in a random order, drawn again at every step (the paper).
Relation to others: With two heads, PCGrad's step is twice UPGrad's, apart from regularisation.
"""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Aggregator, Paper
from two_heads.weightings.gramian import or_mean, prepared
from two_heads.weightings.ops import Array


def pcgrad_weights(gramian: Array, order: Array | None = None) -> Array:
    """The weights of the sum of the projected gradients.

    Each gradient starts as it is. It meets the others in `order`; if its product with another is negative, its part
    along that one is removed. `order` is a permutation of 0 … K-1, or (K, K): one for each gradient.
    """
    gramian, _, usable = prepared(gramian)
    k = gramian.shape[0]
    identity = ops.eye(k, dtype="float64")
    order = ops.broadcast_to(ops.arange(k) if order is None else order, (k, k))
    others = ops.one_hot(order, k, dtype="float64")
    projected = identity  # row i: what gradient i consists of
    for position in range(k):
        other = others[:, position]
        product = ops.sum(ops.matmul(projected, gramian) * other, axis=-1)
        conflict = ops.logical_and(product < 0, ops.sum(other * identity, axis=-1) == 0)
        squared = ops.maximum(ops.sum(other * ops.diagonal(gramian), axis=-1), 1e-200)
        projected = projected - ops.where(conflict, product / squared, 0.0)[:, None] * other
    return or_mean(ops.sum(projected, axis=0), usable)


AGGREGATOR = Aggregator(
    key="pcgrad",
    title="PCGrad",
    rule="From each gradient remove its part along every gradient that it conflicts with, then add them up.",
    paper=Paper("Gradient Surgery for Multi-Task Learning", 2020, "https://arxiv.org/abs/2001.06782"),
    trap="With three or more heads, a projection can bring back a conflict that an earlier one had removed.",
    function=pcgrad_weights,
)
