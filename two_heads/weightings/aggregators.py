"""Aggregators in closed form: the mean, which is the yardstick for all others, PCGrad, IMTL-G and Aligned-MTL."""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.base import Aggregator, Paper
from two_heads.weightings.gramian import lengths_and_cosines, or_mean, prepared, without_zero_gradients
from two_heads.weightings.ops import Array


def mean_of_gradients(gramian: Array) -> Array:
    """1/K each, whatever the gradients."""
    return ops.ones(gramian.shape[0], dtype="float64") / gramian.shape[0]


#: The mean. One backward pass, of the mean loss, would be enough.
MEAN = Aggregator(
    key="mean",
    title="Mean",
    rule="Step along the mean of the heads' gradients.",
    trap="If gradients conflict, a long one decides, and the other head's loss may rise.",
    function=mean_of_gradients,
)


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


#: PCGrad: if two gradients conflict, remove from each its part along the other.
#: Hyperparameters: Every gradient meets the others in a random order, drawn again at every step (the paper).
#: Relation to others: With two heads, PCGrad's step is twice UPGrad's, apart from regularisation.
PCGRAD = Aggregator(
    key="pcgrad",
    title="PCGrad",
    rule="From each gradient remove its part along every gradient that it conflicts with, then add them up.",
    paper=Paper("Gradient Surgery for Multi-Task Learning", 2020, "https://arxiv.org/abs/2001.06782"),
    trap="With three or more heads, a projection can bring back a conflict that an earlier one had removed.",
    function=pcgrad_weights,
)


def imtl_g_weights(gramian: Array) -> Array:
    """The weights, with sum 1, of the step whose product with every gradient, divided by its length, is the same.

    With the cosines C, they are proportional to C⁻¹1 ÷ the lengths, which is G⁻¹√(diag G). For a singular C, its
    pseudoinverse is used. The mean takes their place if no step has such products, as for opposite gradients, or if
    the sum to divide by is 0.
    """
    gramian, _, usable = prepared(gramian)
    lengths, cosines = lengths_and_cosines(gramian)
    values, vectors = ops.eigh(cosines)
    inverse = ops.where(values > 1e-6, 1 / ops.maximum(values, 1e-6), 0.0)
    equal = ops.matmul(vectors, inverse * ops.sum(vectors, axis=0))
    weights = without_zero_gradients(equal / lengths, lengths)
    total = ops.sum(weights)
    defined = ops.logical_and(ops.sum(equal) > 1e-6, ops.abs(total) > 1e-6 * ops.sum(ops.abs(weights)))
    return or_mean(weights / ops.where(defined, total, 1.0), ops.logical_and(usable, defined))


#: IMTL-G: the step that goes equally far along every gradient's direction.
#: Hyperparameters: No hyperparameter; the weights have the sum 1.
#: Relation to others: With two heads, the direction of Nash-MTL and FairGrad: the bisector of the two gradients.
IMTL_G = Aggregator(
    key="imtl_g",
    title="IMTL-G",
    rule="Take the step that goes equally far along every gradient's direction.",
    paper=Paper("Towards Impartial Multi-task Learning", 2021, "https://openreview.net/forum?id=IMPnRXEWpvr"),
    trap="With three or more heads, weights may be negative; if their sum comes close to 0, the step explodes.",
    function=imtl_g_weights,
)


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


#: Aligned-MTL: replace the gradients by orthogonal ones of one length, then take the mean.
#: Hyperparameters: Scaled by the smallest eigenvalue (the paper's Algorithm 1 and TorchJD).
#: Relation to others: The mean, for gradients that are orthogonal and of one length.
ALIGNED_MTL = Aggregator(
    key="aligned_mtl",
    title="Aligned-MTL",
    rule="Replace the gradients by the nearest orthogonal ones, all as long as the smallest principal component.",
    paper=Paper("Independent Component Alignment for Multi-Task Learning", 2023, "https://arxiv.org/abs/2305.19000"),
    trap="Gradients that are nearly parallel or opposite have a tiny smallest eigenvalue, so the step almost stops.",
    function=aligned_mtl_weights,
)
