"""Many trainings of one small network: with a method or with fixed loss weights, from the initial weights of a seed.

The network is compiled once for each method. Seeds, learning rates, loss weights and data are inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

import keras
import numpy as np
import tensorflow as tf

from backend.experiment.optimizers import Optimizer
from backend.weightings import METHODS
from backend.worker.build import Weights
from backend.worker.trainer.compiled import Compiled
from backend.worker.trainer.forward import EVALUATED, Forward
from backend.worker.trainer.pair import batches
from backend.worker.trainer.side_by_side import CHUNK_SECONDS, beside

#: Steps of the first call, which shows how long a step takes.
_FIRST = 4


class ToyForward(Forward):
    """The forward pass of a model that belongs to no architecture: inputs (n, features), a list of MSE heads."""

    def __init__(self, model: keras.Model, features: int) -> None:
        self.model = model
        self.units = [output.shape[-1] for output in model.outputs]
        self.inputs = (features,)
        self._losses = [keras.losses.MeanSquaredError() for _ in model.outputs]
        self._one_output, self._names = False, None


class Runs:
    """Trains one network again and again. `check` is called several times a second and may raise."""

    def __init__(self, forward: Forward, optimizer: Optimizer, batch: int, check: Callable[[], None]) -> None:
        self._forward, self._optimizer, self._batch, self._check = forward, optimizer, batch, check
        self._compiled: dict[str | None, Compiled] = {}
        self._seconds: dict[str | None, float] = {}
        self._method: str | None = None
        self.current: Compiled

    def begin(
        self, x: np.ndarray, y: np.ndarray, *, start: Weights, rate: float, seed: int, method: str | None = None,
        weights: tuple[float, ...] = (),
    ) -> None:  # fmt: skip
        """Begin a training on `x` and the targets side by side `y`, in an order that `seed` draws.

        The head losses are combined by `method`, or without one by their sum with these `weights`; all 1 if there are
        none.
        """
        self.current, self._method = self._program(method, len(x)), method
        ones = (1.0,) * len(self._forward.units)
        data = tf.constant(x, tf.float32), tf.constant(y, tf.float32)
        self._inputs = *data, tf.constant(weights or ones, tf.float32)
        self._draws = np.random.default_rng(seed)
        self.current.reset(start, rate, seed)

    def train(self, epochs: int) -> None:
        """Train so many more epochs. Ends early where a loss becomes NaN or infinite: more steps cannot change that."""
        sums = np.zeros(1 + len(self._forward.units))
        for piece in self._pieces(epochs):
            self._check()
            began = perf_counter()
            sums = self.current.train(*self._inputs, piece, piece.shape[1] == self._batch, sums)
            self._seconds[self._method] = (perf_counter() - began) / len(piece)
            if not np.isfinite(sums).all():
                return

    def losses(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The loss of each head on these samples after the last training: (heads,)."""
        ones = tf.ones((len(self._forward.units),))
        found = np.zeros(len(self._forward.units))
        for first in range(0, len(x), EVALUATED):
            self._check()
            part = slice(first, first + EVALUATED)
            losses, _ = self.current.evaluate(tf.constant(x[part], tf.float32), tf.constant(y[part], tf.float32), ones)
            found += losses[1:] * len(x[part])
        return found / len(x)

    def _program(self, method: str | None, samples: int) -> Compiled:
        if method not in self._compiled:
            chosen = METHODS[method] if method else None
            self._compiled[method] = Compiled(self._forward, self._optimizer, chosen)
        compiled = self._compiled[method]
        for future in compiled.trace(samples, self._batch, beside):
            self._check()
            future.result()
        return compiled

    def _pieces(self, epochs: int) -> Iterator[np.ndarray]:
        """The batches (steps, batch) of each call. Calls cross the ends of epochs where the batches fill these."""
        samples = len(self._inputs[0])
        whole = samples % self._batch == 0
        for _ in range(1 if whole else epochs):
            orders = [self._draws.permutation(samples) for _ in range(epochs if whole else 1)]
            order, done = np.concatenate(orders), 0
            while done < len(order):
                seconds = self._seconds.get(self._method)
                steps = max(1, int(CHUNK_SECONDS / seconds)) if seconds else _FIRST
                piece = next(batches(order[done:], self._batch, steps))
                yield piece
                done += piece.size
