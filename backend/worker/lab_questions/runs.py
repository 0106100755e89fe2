"""Many trainings of one small network: with a method or with fixed loss weights, from the initial weights of a seed.

The network is compiled once. Seeds, learning rates, loss weights and data are inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

import numpy as np
import tensorflow as tf

from backend.experiment.optimizers import Optimizer
from backend.worker.build import Weights
from backend.worker.trainer.compiled import Compiled
from backend.worker.trainer.forward import EVALUATED, Forward
from backend.worker.trainer.pair import batches
from backend.worker.trainer.side_by_side import CHUNK_SECONDS, style_executor
from two_heads.weightings import METHODS, Scalarizer

#: Steps of the first call, which shows how long a step takes.
_FIRST = 4


class Runs:
    """Trains one network again and again, from the weights `start(seed)`.

    The method with this key combines the head losses; without one, a weighted sum does. `check` is called several times
    a second and may raise.
    """

    def __init__(
        self, forward: Forward, start: Callable[[int], Weights], optimizer: Optimizer, batch: int,
        check: Callable[[], None], method: str | None = None,
    ) -> None:  # fmt: skip
        self._forward, self._start, self._batch, self._check = forward, start, batch, check
        chosen = METHODS[method] if method else None
        self.current = Compiled(forward, optimizer, chosen)
        #: Whether the method changes at the end of an epoch, so that no call may cross it.
        self._by_epoch = isinstance(chosen, Scalarizer) and chosen.after_epoch is not None
        self._seconds = 0.0
        #: Whether no loss became NaN or infinite in the last training.
        self.finite = True

    def begin(
        self, x: np.ndarray, y: Sequence[np.ndarray], seed: int, rate: float, weights: Sequence[float] = ()
    ) -> None:
        """Begin a training on `x` and the heads' targets, in an order that `seed` draws, with weights of the losses."""
        for future in self.current.trace(len(x), self._batch, style_executor):
            self._check()
            future.result()
        weighted = tuple(weights) or (1.0,) * len(y)
        self._inputs = (*_tensors(x, y), tf.constant(weighted, tf.float32))
        self._draws = np.random.default_rng(seed)
        self.current.reset(self._start(seed), rate, seed)
        self.finite = True

    def train(self, epochs: int) -> None:
        """Train so many more epochs. Ends early if a loss becomes NaN or infinite: more steps cannot change that."""
        samples = len(self._inputs[0])
        # A call may cross the end of an epoch if full batches fill the epoch.
        at_once = epochs if samples % self._batch == 0 and not self._by_epoch else 1
        for _ in range(epochs // at_once if epochs else 0):
            sums = np.zeros(1 + len(self._forward.units))
            for piece in self._pieces(np.concatenate([self._draws.permutation(samples) for _ in range(at_once)])):
                self._check()
                began = perf_counter()
                sums = self.current.train(*self._inputs, piece, piece.shape[1] == self._batch, sums)
                self._seconds = (perf_counter() - began) / len(piece)
                if not np.isfinite(sums).all():
                    self.finite = False
                    return
            if self._by_epoch:
                self.current.end_epoch(sums / samples)

    def losses(self, x: np.ndarray, y: Sequence[np.ndarray]) -> np.ndarray:
        """The loss of each head on these sequences after the last training: (heads,)."""
        inputs, outputs = _tensors(x, y)
        ones = tf.ones((len(y),))
        sums = np.zeros(len(y))
        for first in range(0, len(x), EVALUATED):
            self._check()
            part = slice(first, first + EVALUATED)
            losses, _ = self.current.evaluate(inputs[part], outputs[part], ones)
            sums += losses[1:] * len(x[part])
        return sums / len(x)

    def state(self) -> dict[str, np.ndarray]:
        """What the method has learned beside the weights, by name."""
        return self.current.method_state()

    def _pieces(self, order: np.ndarray) -> Iterator[np.ndarray]:
        """The batches (steps, batch) of each call."""
        done = 0
        while done < len(order):
            steps = max(1, int(CHUNK_SECONDS / self._seconds)) if self._seconds else _FIRST
            piece = next(batches(order[done:], self._batch, steps))
            yield piece
            done += piece.size


def _tensors(x: np.ndarray, y: Sequence[np.ndarray]) -> tuple[tf.Tensor, tf.Tensor]:
    """Inputs, and the targets of all heads side by side."""
    return tf.constant(x, tf.float32), tf.constant(np.concatenate(y, axis=1), tf.float32)
