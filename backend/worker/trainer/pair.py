"""Trains both styles of an experiment side by side, on two threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from itertools import islice
from time import perf_counter
from typing import Any, NamedTuple, TypeVar

import numpy as np
import tensorflow as tf

from backend.experiment import Experiment
from backend.experiment.dataset import generate
from backend.worker.build import Weights
from backend.worker.trainer.compiled import Batch, Compiled
from backend.worker.trainer.forward import EVALUATED

T = TypeVar("T")
Both = tuple[Weights, Weights]

#: A call into TensorFlow cannot be interrupted, so it takes only as many steps as fit into this time.
CHUNK_SECONDS = 0.1

#: Batch × timesteps × LSTM units up to which both styles train at once. During a step, each needs about 50 bytes per
#: unit of this product. Above it they take turns, so that both fit into a worker's memory.
SIDE_BY_SIDE = 8_000_000

#: Predictions are kept of at most `MAX_SEQUENCES` sequences: fewer if a style would predict more than `MAX_PREDICTED`
#: numbers for them (sequences × units of all heads), but at least `FEWEST_SEQUENCES`.
MAX_SEQUENCES, FEWEST_SEQUENCES = 128, 16
MAX_PREDICTED = 4096

#: Steps that `Pair.warm_up` takes.
WARM_UP_STEPS = 8

_styles = ThreadPoolExecutor(2, "style")


def batches(order: np.ndarray, batch: int, steps: int) -> Iterator[np.ndarray]:
    """`order` as batches, at most `steps` of them at a time: (steps, batch). A smaller last batch comes alone."""
    full = len(order) // batch
    rows = order[: full * batch].reshape(full, batch)
    for start in range(0, full, steps):
        yield rows[start : start + steps]
    if len(order) % batch:
        yield order[None, full * batch :]


class TrainedEpoch(NamedTuple):
    """One style's epoch: losses (1 + heads,), what was requested (else None), steps, and the seconds of both parts.

    `outputs` (sequences, units of all heads) are those of the sequences that are predicted.
    """

    losses: np.ndarray
    validation: np.ndarray | None
    outputs: np.ndarray | None
    weights: Weights | None
    steps: int
    stepping: float
    evaluating: float


class Pair:
    """The two compiled sides and the sequences of an experiment.

    `check` is called before every call into TensorFlow, in either thread, and may raise. `chunk_seconds` is the time
    that one call may take. No result depends on it.
    """

    def __init__(
        self,
        experiment: Experiment,
        left: Compiled,
        right: Compiled,
        check: Callable[[], None],
        chunk_seconds: float = CHUNK_SECONDS,
    ) -> None:
        self.check = check
        self.chunk_seconds = chunk_seconds
        self._sides = (left, right)
        architecture, self.training = experiment.architecture, experiment.training
        #: The training settings of each side. They are equal, unless the experiment compares two settings.
        self.trainings = tuple(side.experiment.training for side in experiment.sides())
        dataset = generate(architecture, experiment.sequences, experiment.parts)
        truth = np.concatenate([dataset.y[head.name] for head in architecture.heads], axis=1)
        x, y = tf.constant(dataset.x), tf.constant(truth)
        weights = [tf.constant(each.loss_weights(architecture), tf.float32) for each in self.trainings]
        #: The sequences, with the loss weights of each side.
        self.data: tuple[Batch, Batch] = (x, y, weights[0]), (x, y, weights[1])
        self._losses = 1 + len(architecture.heads)
        #: How many sequences train; the rest validate.
        self.size, self.validating = experiment.parts
        most = min(MAX_SEQUENCES, max(MAX_PREDICTED // architecture.output_units, FEWEST_SEQUENCES))
        first, count = (self.size, self.validating) if self.validating else (0, min(self.size, most))
        #: The targets of the sequences whose predictions are kept: the first that validate, or that train if none do.
        self.truth = truth[first : first + min(count, most)]
        self._evaluated = [self._parts(side, first, first + count) for side in (0, 1)]
        units = max(each.batch for each in self.trainings) * architecture.timesteps * sum(architecture.lstm)
        self.heavy = units > SIDE_BY_SIDE
        #: Steps taken by both styles, and the seconds they took; seconds of evaluation between them.
        self.steps, self.seconds, self.evaluating = 0, 0.0, 0.0

    def _parts(self, side: int, start: int, stop: int) -> list[Batch]:
        """The sequences `start:stop` in the pieces in which a side evaluates them."""
        (x, y, weights), step = self.data[side], max(EVALUATED, self.trainings[side].batch)
        rows = (slice(first, min(first + step, stop)) for first in range(start, stop, step))
        return [(x[each], y[each], weights) for each in rows]

    def trace(self) -> int:
        """Trace the missing graphs; returns their number."""
        graphs = [
            side.trace(self.data[number], self.size, self.trainings[number].batch, self._evaluated[number], _styles)
            for number, side in enumerate(self._sides)
        ]
        new: list[Future[Any]] = []
        while graphs:
            self.check()
            futures = [next(graph, None) for graph in graphs]
            new += [future for future in futures if future]
            graphs = [graph for graph, future in zip(graphs, futures, strict=True) if future]
        while wait(new, timeout=0.2).not_done:
            self.check()
        for future in new:
            future.result()
        return len(new)

    def both(self, work: Callable[[int], T]) -> tuple[T, T]:
        """Call `work` for both sides (0 and 1): at once, or in turn if they are `heavy`.

        TensorFlow releases Python's lock while it computes.
        """
        left, right = range(2)
        if self.heavy:
            return work(left), work(right)
        other = _styles.submit(work, right)
        try:
            first = work(left)
        finally:
            wait([other])
        return first, other.result()

    def reset(self, left: Weights, right: Weights, seed: int) -> None:
        """Start both styles from these weights, with fresh optimizers. `seed` decides what a method draws."""
        for side, training, weights in zip(self._sides, self.trainings, (left, right), strict=True):
            side.reset(weights, training.learning_rate, seed)

    def warm_up(self, left: Weights, right: Weights) -> None:
        """Do once, from these weights, what a run does in its first epoch, with fewer steps. A later run starts afresh.

        TensorFlow allocates memory in the first steps, and the size of the first chunk is learned from them.
        """
        self.reset(left, right, self.training.seed)

        def epoch(side: int) -> TrainedEpoch:
            batch = self.trainings[side].batch
            order = np.arange(min(self.size // batch, WARM_UP_STEPS) * batch + self.size % batch)
            return self._epoch(order, True, True, side)

        self.both(epoch)

    def train(
        self, order: np.random.Generator, epochs: int, shown: Set[int]
    ) -> Iterator[tuple[TrainedEpoch, TrainedEpoch]]:
        """Train epochs from the weights of `reset`, each in an order that `order` draws.

        The epochs `shown` (numbered from 1) have outputs. If none is shown, only the last weights are copied.
        """
        for epoch in range(1, epochs + 1):
            rows = order.permutation(self.size)
            both = self.both(partial(self._epoch, rows, epoch in shown, bool(shown) or epoch == epochs))
            self.steps += max(side.steps for side in both)
            for each in both if self.heavy else [max(both, key=lambda side: side.stepping + side.evaluating)]:
                self.seconds, self.evaluating = self.seconds + each.stepping, self.evaluating + each.evaluating
            yield both

    def each_step(self, order: np.random.Generator, count: int) -> Iterator[tuple[np.ndarray, Both]]:
        """Take the first `count` steps of an epoch from the weights of `reset`, one at a time, as `train` would.

        Yields each step's losses (2, 1 + heads), which are those before it, and the weights after it. Both sides have
        the same batches.
        """
        size, zeros = self.training.batch, np.zeros(self._losses)

        def step(rows: np.ndarray, side: int) -> tuple[np.ndarray, Weights]:
            own = self._sides[side]
            return own.train(self.data[side], rows, rows.shape[1] == size, zeros) / rows.size, own.weights()

        for rows in islice(batches(order.permutation(self.size), size, 1), count):
            self.check()
            left, right = self.both(partial(step, rows))
            yield np.stack([left[0], right[0]]), (left[1], right[1])

    def evaluate(self) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """For each style, what `_evaluate` returns."""
        return self.both(self._evaluate)

    def _evaluate(self, side: int) -> tuple[np.ndarray, np.ndarray]:
        """One style's losses (1 + heads,) and outputs (predicted, units of all heads) with its current weights.

        Losses are those of all sequences that validate, or of the predicted ones if none validate.
        """
        sums = np.zeros(self._losses)
        outputs: list[np.ndarray] = []
        for part in self._evaluated[side]:
            self.check()
            losses, values = self._sides[side].evaluate(part, first=not outputs)
            sums += losses * len(values)
            outputs.append(values)
        together = np.concatenate(outputs)
        return sums / len(together), together[: len(self.truth)]

    def _epoch(self, order: np.ndarray, shown: bool, with_weights: bool, side: int) -> TrainedEpoch:
        """Train one style for an epoch in this order, and evaluate it. `with_weights` adds a copy of its weights.

        Losses are as Keras's `History` has them: batch means weighted by batch size. The epoch ends early if they
        are NaN or infinite: further steps cannot change that.
        """
        own, size, evaluated = self._sides[side], self.trainings[side].batch, shown or self.validating > 0
        sums, done, taken, spent = np.zeros(self._losses), 0, 0, 0.0
        while done < len(order) and np.isfinite(sums).all():
            self.check()
            known = own.step_seconds.get(size)
            piece = next(batches(order[done:], size, max(1, int(self.chunk_seconds / known)) if known else 1))
            steps, batch = piece.shape
            begun = perf_counter()
            evaluates = evaluated and done + piece.size == len(order)
            sums = own.train(self.data[side], piece, batch == size, sums, evaluates)
            seconds = perf_counter() - begun
            own.step_seconds[batch] = seconds / steps
            done, taken, spent = done + piece.size, taken + steps, spent + seconds
        losses = sums / len(order)
        own.end_epoch(losses)
        validation, outputs, begun = None, None, perf_counter()
        if evaluated:
            validation, outputs = self._evaluate(side)
        evaluating = perf_counter() - begun
        return TrainedEpoch(
            losses, validation if self.validating else None, outputs if shown else None,
            own.weights() if with_weights else None, taken, spent, evaluating,
        )  # fmt: skip
