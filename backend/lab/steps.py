"""Descent on a problem by several methods, from all starts at once, in float64.

It needs nothing but NumPy, so a script contains the text of its functions. Arrays have a last axis with one column for
each run. The functions of scalarizers come from `two_heads.weightings` and compute with the class `ops` below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Change = Callable[[np.ndarray, Any, int, float], Any]


def column(value: Any) -> np.ndarray:
    """A number or K numbers as an array that is the same in all runs; (K, runs) as it is."""
    array = np.asarray(value, np.float64)
    return array if array.ndim == 2 else array[..., None]


def adam(gradient: np.ndarray, moments: np.ndarray, step: int, rate: float) -> Any:
    """The change by Adam as in Keras, with epsilon 1e-7. `step` counts from 1.

    `moments`, the running mean and square of the gradient, (2, ...), change in place.
    """
    moments[0] += (gradient - moments[0]) * (1 - 0.9)
    moments[1] += (gradient**2 - moments[1]) * (1 - 0.999)
    rate = rate * (1 - 0.999**step) ** 0.5 / (1 - 0.9**step)
    return -rate * moments[0] / (np.sqrt(moments[1]) + 1e-7)


def sgd(gradient: np.ndarray, moments: np.ndarray, step: int, rate: float) -> Any:
    """The change by plain SGD, which uses no moments."""
    return -rate * gradient


class ops:
    """NumPy under the names of `keras.ops`, for many runs at once: the last axis has a column for each run, or one."""

    isfinite, log, maximum, sqrt, where = np.isfinite, np.log, np.maximum, np.sqrt, np.where

    @staticmethod
    def ones(shape: tuple[int, ...]) -> np.ndarray:
        """Ones, the same in all runs."""
        return np.ones((*shape, 1))

    @staticmethod
    def zeros(shape: tuple[int, ...]) -> np.ndarray:
        """Zeros, the same in all runs."""
        return np.zeros((*shape, 1))

    @staticmethod
    def sum(x: np.ndarray) -> Any:
        """The sum over the losses."""
        return x.sum(axis=0)

    @staticmethod
    def softmax(x: np.ndarray) -> Any:
        """exp(x) ÷ Σ exp(x) over the losses, without overflow."""
        powers = np.exp(x - x.max(axis=0))
        return powers / powers.sum(axis=0)


class Weighting:
    """A way of combining losses: `function(gramian)` are the weights of their gradients, (K, runs).

    With a `state`, arrays by name, they are `function(losses, state)`, and `after_step` returns the next state.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        state: dict[str, Any] | None = None,
        after_step: Callable[..., Any] | None = None,
        **arguments: float,
    ) -> None:
        self.function, self.state, self.after_step, self.arguments = function, state, after_step, arguments

    def weights(self, losses: np.ndarray, gramian: np.ndarray) -> Any:
        """The weights of the gradients."""
        return self.function(gramian, **self.arguments) if self.state is None else self.function(losses, self.state)

    def advance(self, losses: np.ndarray, after: np.ndarray, gramian: np.ndarray) -> None:
        """Change the state after a step, which has brought the losses `after`."""
        if self.after_step:
            self.state = self.after_step(self.state, losses, after, gramian)


def descend(
    losses_of: Callable[[np.ndarray], np.ndarray],
    jacobian_of: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    methods: dict[str, Any],
    change: Change,
    rate: float,
    steps: int,
    points: int,
    progress: Callable[[float], None] = lambda share: None,
) -> tuple[list[int], dict[str, np.ndarray]]:
    """Run the methods. Returns the recorded steps, 0 and at most `points` more, and for each method x at these.

    `start` is (n, runs), and x (recorded steps, n, runs). `methods` are `Weighting`s, and `change`
    is `adam` or `sgd`. `progress` is called with the share of the steps that are done. An exception that it raises ends
    the descent.
    """
    runs = start.shape[1]
    x = np.tile(start, len(methods))  # the runs of the first method, then those of the second, …
    columns = {key: slice(i * runs, (i + 1) * runs) for i, key in enumerate(methods)}
    moments, every, recorded, positions = np.zeros((2, *x.shape)), max(1, -(-steps // points)), [0], [x]
    with np.errstate(all="ignore"):  # a run may diverge: its x is then NaN or infinite
        losses = losses_of(x)
        for step in range(1, steps + 1):
            jacobian = jacobian_of(x)
            gramian = (jacobian[:, None] * jacobian).sum(axis=2)  # (K, K, runs)
            weights = np.empty_like(losses)
            for key, part in columns.items():
                weights[:, part] = methods[key].weights(losses[:, part], gramian[:, :, part])
            x = x + change((weights[:, None] * jacobian).sum(axis=0), moments, step, rate)
            before, losses = losses, losses_of(x)
            for key, part in columns.items():
                methods[key].advance(before[:, part], losses[:, part], gramian[:, :, part])
            if step % every == 0 or step == steps:
                recorded.append(step)
                positions.append(x)
                progress(step / steps)
    return recorded, {key: np.stack([each[:, part] for each in positions]) for key, part in columns.items()}
