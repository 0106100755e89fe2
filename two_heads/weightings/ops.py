"""NumPy under the names of `keras.ops`: what the methods compute with.

One text serves both. A method's functions use `ops` alone. The server runs them on this module; the worker and the
exported scripts run the same text on `keras.ops`, inside a `tf.function`. So a method's text contains no Python branch
on a value, no assignment into an array and no NumPy; shapes are known, values are not.

The methods use only the arguments that a function of `keras.ops` has in common with NumPy's, or that are here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy import *  # noqa: F403
from numpy.linalg import eigh as eigh
from numpy.linalg import solve as solve

#: A NumPy array here, a tensor in the worker.
Array: TypeAlias = Any


def cast(x: Array, dtype: str) -> Array:
    """The array in another dtype."""
    return np.asarray(x, dtype)


def one_hot(x: Array, num_classes: int, dtype: str | None = None) -> Array:
    """For each integer a row (a new last axis) that is 1 at this index and 0 elsewhere."""
    return np.eye(num_classes, dtype=dtype)[x]


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
