"""Trains both styles of an experiment side by side, step by step in TensorFlow's executor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from concurrent.futures import Future
from functools import partial
from typing import Any

import numpy as np

from backend.experiment import Experiment
from backend.worker.build import Weights
from backend.worker.trainer.compiled import Compiled
from backend.worker.trainer.forward import EVALUATED
from backend.worker.trainer.side_by_side import CHUNK_SECONDS, Both, SideBySide, Trained, beside

#: Steps that `Pair.warm_up` takes.
WARM_UP_STEPS = 8


def batches(order: np.ndarray, batch: int, steps: int) -> Iterator[np.ndarray]:
    """`order` as batches, at most `steps` of them at a time: (steps, batch). A smaller last batch comes alone."""
    full = len(order) // batch
    rows = order[: full * batch].reshape(full, batch)
    for start in range(0, full, steps):
        yield rows[start : start + steps]
    if len(order) % batch:
        yield order[None, full * batch :]


class Pair(SideBySide):
    """The two compiled styles and the sequences of an experiment."""

    def __init__(
        self,
        experiment: Experiment,
        left: Compiled,
        right: Compiled,
        check: Callable[[], None],
        chunk_seconds: float = CHUNK_SECONDS,
    ) -> None:
        super().__init__(experiment, check, chunk_seconds)
        self._sides = (left, right)

    def trace(self) -> int:
        """Trace the missing graphs; returns their number."""
        graphs = [side.trace(self.size, self.training.batch, beside) for side in self._sides]
        new: list[Future[Any]] = []
        while graphs:
            self.check()
            found = [next(graph, None) for graph in graphs]
            new += [future for future in found if future]
            graphs = [graph for graph, future in zip(graphs, found, strict=True) if future]
        for future in new:
            future.result()
        return len(new)

    def reset(self, left: Weights, right: Weights, seed: int) -> None:
        """Start both styles from these weights, with fresh optimizers. `seed` decides what a method draws."""
        for side, weights in zip(self._sides, (left, right), strict=True):
            side.reset(weights, self.training.learning_rate, seed)

    def warm_up(self, left: Weights, right: Weights) -> None:
        """Do once, from these weights, what a run does in its first epoch, with fewer steps. A later run starts afresh.

        TensorFlow allocates memory in the first steps, and the size of the first chunk is learned from them.
        """
        self.reset(left, right, self.training.seed)
        self.evaluate(0, min(self.size, EVALUATED))
        if self.validating:
            self.evaluate(self.size, self.size + self.validating)
        batch = self.training.batch
        self._epoch(np.arange(min(self.size // batch, WARM_UP_STEPS) * batch + self.size % batch))
        self._weights()

    def train(self, order: np.random.Generator, epochs: int, shown: Set[int]) -> Iterator[Trained]:
        """Train epochs from the weights of `reset`, each in an order that `order` draws.

        After each of the epochs `shown` (numbered from 1), `evaluate` uses the weights of that epoch. Where none is
        shown, nobody asks for weights.
        """
        for _ in range(epochs):
            losses = self._epoch(order.permutation(self.size))
            for side, of_side in zip(self._sides, losses, strict=True):
                side.end_epoch(of_side)
            validation, outputs = None, None
            if self.validating:
                validation, outputs = self.evaluate(self.size, self.size + self.validating)
            kept = self._weights() if shown else None
            yield Trained(losses, validation, partial(self._weights, kept), outputs)

    def evaluate(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """Losses on the sequences `start:stop`, and the outputs of both styles, with their current weights."""
        return self.evaluate_both(start, stop, lambda side, part: self._sides[side].evaluate(*part))

    def _weights(self, kept: Both | None = None) -> Both:
        """A copy of both styles' current weights, or those that were `kept`."""
        left, right = self._sides
        return kept or (left.weights(), right.weights())

    def _epoch(self, order: np.ndarray) -> np.ndarray:
        """Train one epoch in this order. Losses as Keras's `History` has them: batch means weighted by batch size.

        It ends early only if the losses of both styles are NaN or infinite: further steps cannot change that.
        """
        sums = np.zeros((2, self.losses))
        done = 0
        while done < len(order) and np.isfinite(sums).all(axis=1).any():
            self.check()
            known = (side.step_seconds.get(self.training.batch, 0.0) for side in self._sides)
            piece = next(batches(order[done:], self.training.batch, self.steps_within(*known)))
            steps, batch = piece.shape
            found, seconds = self.take(steps, partial(self._train_side, piece, sums))
            sums = np.stack(found)
            for side in self._sides:
                side.step_seconds[batch] = seconds
            done += piece.size
        return sums / len(order)

    def _train_side(self, piece: np.ndarray, sums: np.ndarray, side: int) -> np.ndarray:
        full = piece.shape[1] == self.training.batch
        return self._sides[side].train(*self.data, piece, full, sums[side])
