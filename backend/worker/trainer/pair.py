"""Trains both styles of an experiment side by side, step by step in TensorFlow's executor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from concurrent.futures import Future, wait
from functools import partial
from itertools import islice
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from backend.experiment import Experiment
from backend.worker.build import Weights
from backend.worker.trainer.compiled import Compiled
from backend.worker.trainer.forward import EVALUATED
from backend.worker.trainer.side_by_side import CHUNK_SECONDS, Batch, Both, SideBySide, TrainedEpoch, style_executor

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


class _Epoch(NamedTuple):
    """One style's epoch: losses (1 + heads,), what was requested (else None), steps, and the seconds of both parts."""

    losses: np.ndarray
    validation: np.ndarray | None
    outputs: np.ndarray | None
    weights: Weights | None
    steps: int
    stepping: float
    evaluating: float


class Pair(SideBySide):
    """The two compiled sides and the sequences of an experiment."""

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
        graphs = [
            side.trace(self.size, training.batch, style_executor)
            for side, training in zip(self._sides, self.trainings, strict=True)
        ]
        new: list[Future[Any]] = []
        while graphs:
            self.check()
            futures = [next(graph, None) for graph in graphs]
            new += [future for future in futures if future]
            graphs = [graph for graph, future in zip(graphs, futures, strict=True) if future]
        for future in new:
            future.result()
        wait([call for side in self._sides for call in side.unfinished()])
        return len(new)

    def reset(self, left: Weights, right: Weights, seed: int) -> None:
        """Start both styles from these weights, with fresh optimizers. `seed` decides what a method draws."""
        for side, training, weights in zip(self._sides, self.trainings, (left, right), strict=True):
            side.reset(weights, training.learning_rate, seed)

    def warm_up(self, left: Weights, right: Weights) -> None:
        """Do once, from these weights, what a run does in its first epoch, with fewer steps. A later run starts afresh.

        TensorFlow allocates memory in the first steps, and the size of the first chunk is learned from them.
        """
        self.reset(left, right, self.training.seed)
        self.evaluate(0, min(self.size, EVALUATED))

        def epoch(side: int) -> _Epoch:
            batch = self.trainings[side].batch
            order = np.arange(min(self.size // batch, WARM_UP_STEPS) * batch + self.size % batch)
            return self._epoch(order, True, True, side)

        self.both(epoch)

    def train(self, order: np.random.Generator, epochs: int, shown: Set[int]) -> Iterator[TrainedEpoch]:
        """Train epochs from the weights of `reset`, each in an order that `order` draws.

        The epochs `shown` (numbered from 1) have outputs. If none is shown, only the last weights are copied.
        """
        for epoch in range(1, epochs + 1):
            rows = order.permutation(self.size)
            left, right = self.both(partial(self._epoch, rows, epoch in shown, bool(shown) or epoch == epochs))
            self.steps += max(left.steps, right.steps)
            for each in (left, right) if self.heavy else [max(left, right, key=_seconds)]:
                self.seconds, self.evaluating = self.seconds + each.stepping, self.evaluating + each.evaluating
            yield TrainedEpoch(
                np.stack([left.losses, right.losses]),
                _both(left.validation, right.validation),
                partial(_weights, left, right),
                _both(left.outputs, right.outputs),
            )

    def each_step(self, order: np.random.Generator, count: int) -> Iterator[tuple[np.ndarray, Both]]:
        """Take the first `count` steps of an epoch from the weights of `reset`, one at a time, as `train` would.

        Yields each step's losses (2, 1 + heads), which are those before it, and the weights after it. Both sides have
        the same batches.
        """
        size, zeros = self.training.batch, np.zeros(self.losses)

        def step(rows: np.ndarray, side: int) -> tuple[np.ndarray, Weights]:
            own = self._sides[side]
            losses = own.train(*self.data[side], rows, rows.shape[1] == size, zeros) / rows.size
            return losses, own.weights()

        for rows in islice(batches(order.permutation(self.size), size, 1), count):
            self.check()
            left, right = self.both(partial(step, rows))
            yield np.stack([left[0], right[0]]), (left[1], right[1])

    def evaluate_part(self, side: int, part: Batch) -> tuple[np.ndarray, np.ndarray]:
        """One style's mean losses (1 + heads,) and outputs (sequences, units) with its current weights."""
        return self._sides[side].evaluate(*part)

    def _epoch(self, order: np.ndarray, shown: bool, with_weights: bool, side: int) -> _Epoch:
        """Train one style for an epoch in this order, and evaluate it. `with_weights` adds a copy of its weights.

        Losses are as Keras's `History` has them: batch means weighted by batch size. The epoch ends early if they
        are NaN or infinite: further steps cannot change that.
        """
        own, size = self._sides[side], self.trainings[side].batch
        sums, done, taken, spent = np.zeros(self.losses), 0, 0, 0.0
        while done < len(order) and np.isfinite(sums).all():
            self.check()
            piece = next(batches(order[done:], size, self.steps_within(own.step_seconds.get(size, 0.0))))
            steps, batch = piece.shape
            begun = perf_counter()
            sums = own.train(*self.data[side], piece, batch == size, sums)
            seconds = perf_counter() - begun
            own.step_seconds[batch] = seconds / steps
            done, taken, spent = done + piece.size, taken + steps, spent + seconds
        losses = sums / len(order)
        own.end_epoch(losses)
        validation, outputs, begun = None, None, perf_counter()
        if self.validating:
            validation, outputs = self.evaluate_side(side, self.size, self.size + self.validating)
            outputs = outputs[: self.predicted.stop - self.predicted.start]
        elif shown:
            outputs = self.evaluate_side(side, self.predicted.start, self.predicted.stop)[1]
        evaluating = perf_counter() - begun
        weights = own.weights() if with_weights else None
        return _Epoch(losses, validation, outputs if shown else None, weights, taken, spent, evaluating)


def _seconds(epoch: _Epoch) -> float:
    return epoch.stepping + epoch.evaluating


def _weights(left: _Epoch, right: _Epoch) -> Both:
    assert left.weights is not None
    assert right.weights is not None
    return left.weights, right.weights


def _both(left: np.ndarray | None, right: np.ndarray | None) -> np.ndarray | None:
    return None if left is None or right is None else np.stack([left, right])
