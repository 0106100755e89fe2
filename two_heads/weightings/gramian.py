"""What most aggregators share: preparing the Gramian, and replacing one that is degenerate."""

from __future__ import annotations

from two_heads.weightings import ops
from two_heads.weightings.ops import Array


def prepared(gramian: Array) -> tuple[Array, Array, Array]:
    """The Gramian in float64 with its largest entry 1, this largest entry, and whether the Gramian is usable.

    It is not usable if it is zero or has a NaN or infinite entry. Then the identity takes its place.
    """
    gramian = ops.cast(gramian, "float64")
    largest = ops.max(ops.abs(gramian))
    usable = ops.logical_and(ops.all(ops.isfinite(gramian)), largest > 1e-200)
    gramian = ops.where(usable, gramian, ops.eye(gramian.shape[0], dtype="float64"))
    largest = ops.where(usable, largest, 1.0)
    gramian = gramian / largest
    return (gramian + ops.transpose(gramian)) / 2, largest, usable


def or_mean(weights: Array, usable: Array) -> Array:
    """The weights, or those of the mean if the Gramian was not usable."""
    return ops.where(usable, weights, ops.ones_like(weights) / weights.shape[0])


def lengths_and_cosines(gramian: Array) -> tuple[Array, Array]:
    """The length of each gradient, at least 1e-10, and the cosines between them. A zero gradient has cosines of 0."""
    lengths = ops.sqrt(ops.maximum(ops.diagonal(gramian), 1e-20))
    cosines = gramian / (lengths[:, None] * lengths[None, :])
    return lengths, ops.where(ops.eye(lengths.shape[0], dtype="float64") > 0, 1.0, cosines)


def positive_definite(cosines: Array) -> Array:
    """The matrix with its eigenvalues below 1e-6 raised to 1e-6, which is what float32 gradients can resolve.

    Linearly dependent gradients have a singular matrix. With this one, every problem has one solution.
    """
    values, vectors = ops.eigh(cosines)
    return ops.matmul(vectors * ops.maximum(values, 1e-6), ops.transpose(vectors))


def without_zero_gradients(weights: Array, lengths: Array) -> Array:
    """The weights, and 0 for a gradient that is zero: no weight can make it longer."""
    return ops.where(lengths > 1e-10, weights, 0.0)
