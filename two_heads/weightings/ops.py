"""NumPy under the names of `keras.ops`: what the methods compute with.

One text serves both. A method's functions use `ops` alone. The server runs them on this module; the worker and the
exported scripts run the same text on `keras.ops`, inside a `tf.function`. So a method's text contains no Python branch
on a value, no assignment into an array and no NumPy; shapes are known, values are not.

Of each function of `keras.ops`, only the arguments that the methods use are here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

#: A NumPy array here, a tensor in the worker.
Array: TypeAlias = Any

abs = np.abs
all = np.all
any = np.any
argmax = np.argmax
broadcast_to = np.broadcast_to
concatenate = np.concatenate
diagonal = np.diagonal
exp = np.exp
isfinite = np.isfinite
log = np.log
logical_and = np.logical_and
logical_not = np.logical_not
logical_or = np.logical_or
matmul = np.matmul
max = np.max
maximum = np.maximum
mean = np.mean
min = np.min
minimum = np.minimum
ones_like = np.ones_like
reshape = np.reshape
sign = np.sign
solve = np.linalg.solve
sqrt = np.sqrt
stack = np.stack
sum = np.sum
transpose = np.transpose
where = np.where
zeros_like = np.zeros_like


def arange(stop: int) -> Array:
    """The integers from 0 to `stop` - 1."""
    return np.arange(stop)


def cast(x: Array, dtype: str) -> Array:
    """The array in another dtype."""
    return np.asarray(x, dtype)


def eigh(x: Array) -> tuple[Array, Array]:
    """The eigenvalues of a symmetric matrix, in ascending order, and its eigenvectors as columns."""
    values, vectors = np.linalg.eigh(x)
    return values, vectors


def eye(n: int, dtype: str | None = None) -> Array:
    """The identity matrix."""
    return np.eye(n, dtype=dtype)


def logsumexp(x: Array) -> Array:
    """log Σ exp(x) over all entries, without overflow."""
    return np.logaddexp.reduce(x, axis=None)


def one_hot(x: Array, num_classes: int, dtype: str | None = None) -> Array:
    """For each integer a row (a new last axis) that is 1 at this index and 0 elsewhere."""
    return np.eye(num_classes, dtype=dtype)[x]


def ones(shape: int | tuple[int, ...], dtype: str | None = None) -> Array:
    """An array of ones."""
    return np.ones(shape, dtype)


def softmax(x: Array) -> Array:
    """exp(x) ÷ Σ exp(x) over the last axis, without overflow."""
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def while_loop(
    cond: Callable[..., Array],
    body: Callable[..., tuple[Array, ...]],
    loop_vars: tuple[Array, ...],
    maximum_iterations: int,
) -> tuple[Array, ...]:
    """`loop_vars = body(*loop_vars)` while `cond(*loop_vars)`, at most so many times."""
    for _ in range(maximum_iterations):
        if not cond(*loop_vars):
            break
        loop_vars = body(*loop_vars)
    return loop_vars


def zeros(shape: int | tuple[int, ...], dtype: str | None = None) -> Array:
    """An array of zeros."""
    return np.zeros(shape, dtype)
