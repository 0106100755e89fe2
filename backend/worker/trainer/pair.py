"""Trains both styles of an experiment on the same sequences, side by side, each on its own thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from time import perf_counter
from typing import Any, TypeVar

import numpy as np
import tensorflow as tf

from backend.experiment import Experiment
from backend.experiment.dataset import generate
from backend.worker.build import Weights
from backend.worker.trainer.compiled import Compiled

T = TypeVar("T")

#: A call into TensorFlow cannot be interrupted, so it takes only as many steps as fit into this time.
CHUNK_SECONDS = 0.1

#: Sequences in one call that evaluates, or a batch if that is more. The number is fixed, because in float32 it decides
#: how a mean is rounded. For the largest model, such a call takes less time than a training step on 512 sequences.
EVALUATED = 256

#: Batch × timesteps × LSTM units up to which both styles train at once. During a step, each needs about 50 bytes per
#: unit of this product. Above it they take turns, so that both fit into a worker's memory.
SIDE_BY_SIDE = 8_000_000

#: Steps that `Pair.warm_up` takes.
WARM_UP_STEPS = 8

_beside = ThreadPoolExecutor(1, "style")


def batches(order: np.ndarray, batch: int, steps: int) -> Iterator[np.ndarray]:
    """`order` as batches, at most `steps` of them at a time: (steps, batch). A smaller last batch comes alone."""
    full = len(order) // batch
    rows = order[: full * batch].reshape(full, batch)
    for start in range(0, full, steps):
        yield rows[start : start + steps]
    if len(order) % batch:
        yield order[None, full * batch :]


class Pair:
    """The two compiled styles and the sequences of an experiment.

    Losses are arrays (2, 1 + heads): left and right; the total and each head's. `check` is called before every chunk
    of steps and may raise. `chunk_seconds` is the time that one chunk may take. No result depends on it.
    """

    def __init__(
        self,
        experiment: Experiment,
        left: Compiled,
        right: Compiled,
        check: Callable[[], None],
        chunk_seconds: float = CHUNK_SECONDS,
    ) -> None:
        self._sides = (left, right)
        self._check = check
        self._chunk_seconds = chunk_seconds
        self._training = experiment.training
        dataset = generate(experiment.architecture, experiment.sequences)
        self.truth = np.concatenate([dataset.y[head.name] for head in experiment.architecture.heads], axis=1)
        self._x, self._y = tf.constant(dataset.x), tf.constant(self.truth)
        self._weights = tf.constant(experiment.training.loss_weights(experiment.architecture), tf.float32)
        #: How many sequences train; the rest validate.
        self.size, self.validating = experiment.training.split(len(dataset.x))
        architecture = experiment.architecture
        units = experiment.training.batch * architecture.timesteps * sum(architecture.lstm)
        self._heavy = units > SIDE_BY_SIDE
        self._parts: dict[tuple[int, int], tuple[tf.Tensor, tf.Tensor]] = {}  # what was evaluated before
        #: Steps taken by both styles, and the seconds they took.
        self.steps, self.seconds = 0, 0.0

    def trace(self) -> int:
        """Trace the missing graphs; returns their number."""
        graphs = [side.trace(self.size, self._training.batch, _beside) for side in self._sides]
        new: list[Future[Any]] = []
        while graphs:
            self._check()
            found = [next(graph, None) for graph in graphs]
            new += [future for future in found if future]
            graphs = [graph for graph, future in zip(graphs, found, strict=True) if future]
        for future in new:
            future.result()
        return len(new)

    def reset(self, left: Weights, right: Weights) -> None:
        """Start both styles from these weights, with fresh optimizers."""
        for side, weights in zip(self._sides, (left, right), strict=True):
            side.reset(weights, self._training.learning_rate)

    def warm_up(self, left: Weights, right: Weights) -> None:
        """Do once, from these weights, what a run does in its first epoch, with fewer steps. A later run starts afresh.

        TensorFlow allocates memory in the first steps, and the size of the first chunk is learned from them.
        """
        self.reset(left, right)
        self.evaluate(0, min(self.size, EVALUATED))
        if self.validating:
            self.validate()
        batch = self._training.batch
        self.epoch(np.arange(min(self.size // batch, WARM_UP_STEPS) * batch + self.size % batch))
        self.weights()

    def weights(self) -> tuple[Weights, Weights]:
        """A copy of both styles' current weights."""
        left, right = self._sides
        return left.weights(), right.weights()

    def epoch(self, order: np.ndarray) -> np.ndarray:
        """Train one epoch in this order. Losses as Keras's `History` has them: batch means weighted by batch size.

        It ends early only if the losses of both styles are NaN or infinite: further steps cannot change that.
        """
        sums = np.zeros((2, 1 + self._weights.shape[0]))
        done = 0
        while done < len(order) and np.isfinite(sums).all(axis=1).any():
            self._check()
            piece = next(batches(order[done:], self._training.batch, self._chunk()))
            start = perf_counter()
            sums = np.stack(self._both(partial(self._train_side, piece, sums)))
            self._measure(perf_counter() - start, *piece.shape)
            done += piece.size
        return sums / len(order)

    def validate(self) -> tuple[np.ndarray, np.ndarray]:
        """Losses on the validation sequences, and the outputs, as `evaluate` returns them."""
        return self.evaluate(self.size, self.size + self.validating)

    def evaluate(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """Losses on the sequences `start:stop`, and the outputs of both styles (2, sequences, units of all heads)."""
        sums = np.zeros((2, 1 + self._weights.shape[0]))
        outputs = []
        step = max(EVALUATED, self._training.batch)
        for first in range(start, stop, step):
            self._check()
            last = min(first + step, stop)
            both = self._both(partial(self._evaluate_side, *self._part(first, last)))
            sums += np.stack([losses for losses, _ in both]) * (last - first)
            outputs.append(np.stack([values for _, values in both]))
        return sums / (stop - start), np.concatenate(outputs, axis=1)

    def _train_side(self, piece: np.ndarray, sums: np.ndarray, side: int) -> np.ndarray:
        full = piece.shape[1] == self._training.batch
        return self._sides[side].train(self._x, self._y, self._weights, piece, full, sums[side])

    def _part(self, first: int, last: int) -> tuple[tf.Tensor, tf.Tensor]:
        """Inputs and targets of the sequences `first:last`, which are evaluated again after each epoch."""
        if (first, last) not in self._parts:
            self._parts[first, last] = self._x[first:last], self._y[first:last]
        return self._parts[first, last]

    def _evaluate_side(self, x: tf.Tensor, y: tf.Tensor, side: int) -> tuple[np.ndarray, np.ndarray]:
        return self._sides[side].evaluate(x, y, self._weights)

    def _both(self, work: Callable[[int], T]) -> tuple[T, T]:
        """Call `work` for both sides (0 and 1) at once. TensorFlow releases Python's lock while it computes."""
        left, right = range(2)
        if self._heavy:
            return work(left), work(right)
        beside = _beside.submit(work, right)
        try:
            first = work(left)
        finally:
            wait([beside])
        return first, beside.result()

    def _chunk(self) -> int:
        """Steps that fit into one chunk; 1 while their time is unknown."""
        slowest = max(side.step_seconds.get(self._training.batch, self._chunk_seconds) for side in self._sides)
        return max(1, int(self._chunk_seconds / slowest)) if slowest else 1

    def _measure(self, seconds: float, steps: int, batch: int) -> None:
        self.steps += steps
        self.seconds += seconds
        for side in self._sides:
            side.step_seconds[batch] = seconds / steps
