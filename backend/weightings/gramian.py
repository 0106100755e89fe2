"""What all aggregators do with a Gramian first, and what a degenerate one gives them: the one place for it."""

from __future__ import annotations

from backend.weightings import ops
from backend.weightings.ops import Array


def prepared(gramian: Array) -> tuple[Array, Array, Array]:
    """The Gramian in float64 with its largest entry 1, this largest entry, and whether the Gramian is usable.

    It is not usable if it is zero or has a NaN or infinite entry. Then the identity takes its place.
    """
    gramian = ops.cast(gramian, "float64")
    largest = ops.max(ops.abs(gramian))
    usable = ops.logical_and(ops.all(ops.isfinite(gramian)), largest > 1e-200)
    gramian = ops.where(usable, gramian, ops.eye(len(gramian), dtype="float64"))
    largest = ops.where(usable, largest, 1.0)
    gramian = gramian / largest
    return (gramian + ops.transpose(gramian)) / 2, largest, usable


def or_mean(weights: Array, usable: Array) -> Array:
    """The weights, or those of the mean if the Gramian was not usable."""
    return ops.where(usable, weights, ops.ones_like(weights) / len(weights))


def lengths_and_cosines(gramian: Array) -> tuple[Array, Array]:
    """The length of each gradient, at least 1e-10, and the cosines between them, as a positive definite matrix.

    A zero gradient is orthogonal to all others. Cosines of gradients that depend on each other form a singular
    matrix, so eigenvalues below 1e-8 become 1e-8.
    """
    lengths = ops.sqrt(ops.maximum(ops.diagonal(gramian), 1e-20))
    cosines = gramian / (lengths[:, None] * lengths[None, :])
    cosines = ops.where(ops.eye(len(lengths), dtype="float64") > 0, 1.0, cosines)
    values, vectors = ops.eigh(cosines)
    return lengths, ops.matmul(vectors * ops.maximum(values, 1e-8), ops.transpose(vectors))
