"""Trains both styles of an experiment side by side, many epochs in one call of each style's XLA program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from time import perf_counter

import numpy as np
import tensorflow as tf

from backend.experiment import Experiment
from backend.worker.build import Weights
from backend.worker.trainer.program import Program, Shape
from backend.worker.trainer.side_by_side import CHUNK_SECONDS, Batch, Both, SideBySide, TrainedEpoch, predicted
from backend.worker.trainer.state import State

#: One call gets the orders of at most this many steps, in whole epochs, but of one epoch at least.
_BLOCK = 1024
States = tuple[State, State]
_compiling = ThreadPoolExecutor(2, "compile")


def shape(experiment: Experiment) -> Shape:
    """The sizes that the programs of an experiment are compiled for."""
    training = experiment.training
    size, validating = experiment.parts
    steps = -(-size // training.batch)
    predicted_rows = predicted(experiment)
    return Shape(
        size,
        validating,
        training.batch,
        max(1, min(training.epochs, _BLOCK // steps)),
        predicted_rows.stop - predicted_rows.start,
    )


class LoopedPair(SideBySide):
    """The programs of the two styles and the sequences of an experiment."""

    def __init__(
        self,
        experiment: Experiment,
        left: Program,
        right: Program,
        check: Callable[[], None],
        chunk_seconds: float = CHUNK_SECONDS,
    ) -> None:
        super().__init__(experiment, check, chunk_seconds)
        self._programs = (left, right)
        self._shape = left.shape
        self._states: States = ([], [])

    def trace(self) -> int:
        """Trace and compile the missing programs, both at once; returns the number of traced graphs."""
        compiling = [program.trace(_compiling) for program in self._programs]
        new = [future for future in compiling if future]
        while wait(new, timeout=0.2).not_done:
            self.check()
        for future in new:
            future.result()
        return 2 * len(new)

    def reset(self, left: Weights, right: Weights, seed: int) -> None:
        """Start both styles from these weights, with fresh optimizers. `seed` has no effect here."""
        rate = self.training.learning_rate
        one, other = self._programs
        self._states = one.start(left, rate), other.start(right, rate)

    def train(self, order: np.random.Generator, epochs: int, shown: Set[int]) -> Iterator[TrainedEpoch]:
        """Train epochs from the weights of `reset`, each in an order that `order` draws.

        The epochs `shown` (numbered from 1) have outputs.
        """
        done = 0
        while done < epochs:
            until = min([epochs, done + self._shape.epochs, *(epoch for epoch in shown if epoch > done)])
            orders = np.zeros((self._shape.epochs, self.size), np.int32)
            for row in orders[: until - done]:
                row[:] = order.permutation(self.size)
            yield from self._block(tf.constant(orders), until - done)
            done = until

    def evaluate_part(self, side: int, part: Batch) -> tuple[np.ndarray, np.ndarray]:
        """One style's mean losses (1 + heads,) and outputs (sequences, units) with its current weights."""
        return self._programs[side].evaluate(self._states[side], *part)

    def _block(self, orders: tf.Tensor, epochs: int) -> Iterator[TrainedEpoch]:
        """Train epochs in these orders."""
        begun = self._states
        ended = 0
        for at, states, losses, last in self._steps(begun, orders, epochs * self._shape.steps):
            self._states = states
            for epoch in range(ended, at // self._shape.steps):
                training, validation = losses[:, epoch, 0], losses[:, epoch, 1]
                weights, outputs = partial(self._weights_after, begun, orders, epoch + 1), None
                if at == (epoch + 1) * self._shape.steps:
                    weights, outputs = partial(self._weights, states), last
                yield TrainedEpoch(training, validation if self.validating else None, weights, outputs)
            ended = at // self._shape.steps

    def _steps(
        self, states: States, orders: tf.Tensor, steps: int
    ) -> Iterator[tuple[int, States, np.ndarray, np.ndarray]]:
        """Take the first `steps` in these orders. After each call: the steps so far, states, losses and outputs."""
        zeros = tf.zeros((self.losses,), tf.float64)
        sums, at = (zeros, zeros), 0
        while at < steps:
            self.check()
            stop = min(steps, at + self.steps_within(*(program.step_seconds for program in self._programs)))
            begun = perf_counter()
            one, other = self.both(
                lambda side, at=at, stop=stop, states=states, sums=sums: self._programs[side].run(  # type: ignore[misc]
                    states[side], sums[side], self.data[side], orders, at, stop
                )
            )
            seconds = perf_counter() - begun
            for program in self._programs:
                program.step_seconds = seconds / (stop - at)
            self.steps, self.seconds = self.steps + stop - at, self.seconds + seconds
            at, states, sums = stop, (one[0], other[0]), (one[1], other[1])
            yield at, states, np.stack([one[2], other[2]]), np.stack([one[3], other[3]])

    def _weights_after(self, begun: States, orders: tf.Tensor, epochs: int) -> Both:
        """The weights after so many epochs in these orders. A call returns only its last ones, so this trains again."""
        *_, (_, states, *_) = self._steps(begun, orders, epochs * self._shape.steps)
        return self._weights(states)

    def _weights(self, states: States) -> Both:
        left, right = (program.weights(state) for program, state in zip(self._programs, states, strict=True))
        return left, right
