"""The functions of `keras.ops` that the methods use, for many Gramians at once: `METHOD.on(many)`.

Every array has one more axis than in a method's text, the last, with one column for each run. An array that is the
same in all runs has the length 1 there. So `gramian[0]`, `x[:, None]` and `len(x)` in a method's text keep their
meaning, and only functions that count axes from the end, or that reduce all of them, differ from NumPy's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

abs = np.abs
cast = np.asarray
exp = np.exp
isfinite = np.isfinite
log = np.log
logical_and = np.logical_and
logical_not = np.logical_not
logical_or = np.logical_or
maximum = np.maximum
minimum = np.minimum
ones_like = np.ones_like
sign = np.sign
sqrt = np.sqrt
where = np.where
zeros_like = np.zeros_like


def axes(x: Any, axis: int | None) -> Any:
    """The axes that `axis` means: all but the runs for None, and one further left if it counts from the end."""
    if axis is None:
        return tuple(range(x.ndim - 1))
    return axis if axis >= 0 else axis - 1


def all(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Whether all are true."""
    return np.all(x, axis=axes(x, axis), keepdims=keepdims)


def any(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """Whether one is true."""
    return np.any(x, axis=axes(x, axis), keepdims=keepdims)


def max(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The largest."""
    return np.max(x, axis=axes(x, axis), keepdims=keepdims)


def min(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The smallest."""
    return np.min(x, axis=axes(x, axis), keepdims=keepdims)


def sum(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The sum."""
    return np.sum(x, axis=axes(x, axis), keepdims=keepdims)


def mean(x: Any, axis: int | None = None, keepdims: bool = False) -> Any:
    """The mean."""
    return np.mean(x, axis=axes(x, axis), keepdims=keepdims)


def argmax(x: Any, axis: int) -> Any:
    """The index of the largest along an axis."""
    return np.argmax(x, axis=axes(x, axis))


def arange(stop: int) -> Any:
    """The integers from 0 to `stop` - 1, the same in all runs."""
    return np.arange(stop)[:, None]


def broadcast_to(x: Any, shape: tuple[int, ...]) -> Any:
    """The array repeated to this shape in every run."""
    return np.broadcast_to(x, (*shape, x.shape[-1]))


def diagonal(x: Any) -> Any:
    """The diagonal of each matrix, (K, runs)."""
    return np.diagonal(x).T


def eigh(x: Any) -> tuple[Any, Any]:
    """The eigenvalues (K, runs) of each symmetric matrix, in ascending order, and its eigenvectors as columns."""
    values, vectors = np.linalg.eigh(x.transpose(2, 0, 1))
    return values.T, vectors.transpose(1, 2, 0)


def eye(n: int, dtype: str | None = None) -> Any:
    """The identity matrix, the same in all runs."""
    return np.eye(n, dtype=dtype)[:, :, None]


def logsumexp(x: Any) -> Any:
    """log Σ exp(x) of each run, without overflow."""
    return np.logaddexp.reduce(x, axis=axes(x, None))


def matmul(a: Any, b: Any) -> Any:
    """The product of matrices, or of a matrix and a vector, in each run."""
    return np.add.reduce(a * b, axis=1) if b.ndim == 2 else np.add.reduce(a[:, :, None] * b, axis=1)


def one_hot(x: Any, num_classes: int, dtype: str | None = None) -> Any:
    """For each integer a row (a new axis before the runs) that is 1 at this index and 0 elsewhere."""
    return np.moveaxis(np.eye(num_classes, dtype=dtype)[x], -1, -2)


def ones(shape: int | tuple[int, ...], dtype: str | None = None) -> Any:
    """Ones, the same in all runs."""
    return np.ones((*((shape,) if isinstance(shape, int) else shape), 1), dtype)


def softmax(x: Any) -> Any:
    """exp(x) ÷ Σ exp(x) over the axis before the runs, without overflow."""
    powers = np.exp(x - np.maximum.reduce(x, axis=-2, keepdims=True))
    return powers / np.add.reduce(powers, axis=-2, keepdims=True)


def solve(a: Any, b: Any) -> Any:
    """The x with ax = b, for each run and, with four axes, for each system in it."""
    return np.moveaxis(np.linalg.solve(np.moveaxis(a, -1, 0), np.moveaxis(b, -1, 0)), 0, -1)


def transpose(x: Any) -> Any:
    """Each matrix with rows and columns exchanged."""
    return x.swapaxes(0, 1)


def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., tuple[Any, ...]],
    loop_vars: tuple[Any, ...],
    maximum_iterations: int,
) -> tuple[Any, ...]:
    """`loop_vars = body(*loop_vars)` in the runs with a true `cond(*loop_vars)`, at most `maximum_iterations` times."""
    for _ in range(maximum_iterations):
        active = cond(*loop_vars)
        if not active.any():
            break
        moved = body(*loop_vars)
        loop_vars = tuple(np.where(active, new, old) for new, old in zip(moved, loop_vars, strict=True))
    return loop_vars


def zeros(shape: int | tuple[int, ...], dtype: str | None = None) -> Any:
    """Zeros, the same in all runs."""
    return np.zeros((*((shape,) if isinstance(shape, int) else shape), 1), dtype)
