"""What both kinds of pair share: the sequences of an experiment, and two threads, one for each style."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

import numpy as np
import tensorflow as tf

from backend.experiment import Experiment
from backend.experiment.dataset import generate
from backend.worker.build import Weights
from backend.worker.trainer.forward import EVALUATED

T = TypeVar("T")
Both = tuple[Weights, Weights]
#: Inputs, targets side by side, and the loss weights of the heads.
Batch = tuple[tf.Tensor, tf.Tensor, tf.Tensor]

#: A call into TensorFlow cannot be interrupted, so it takes only as many steps as fit into this time.
CHUNK_SECONDS = 0.1

#: Batch × timesteps × LSTM units up to which both styles train at once. During a step, each needs about 50 bytes per
#: unit of this product. Above it they take turns, so that both fit into a worker's memory.
SIDE_BY_SIDE = 8_000_000

beside = ThreadPoolExecutor(1, "style")


@dataclass(frozen=True)
class Trained:
    """What an epoch gave. Losses are (2, 1 + heads): left and right; the total and each head's.

    `weights` returns those after the epoch. `outputs` are those of the sequences that validate, where they are known.
    """

    losses: np.ndarray
    validation: np.ndarray | None
    weights: Callable[[], Both]
    outputs: np.ndarray | None = None

    @property
    def all_losses(self) -> np.ndarray:
        """The losses with those of the validation at their right, where there are any."""
        return self.losses if self.validation is None else np.concatenate([self.losses, self.validation], axis=1)


class SideBySide:
    """The sequences of an experiment, and what is computed for both styles.

    `check` is called before every call into TensorFlow and may raise. `chunk_seconds` is the time that one call may
    take. No result depends on it.
    """

    def __init__(self, experiment: Experiment, check: Callable[[], None], chunk_seconds: float = CHUNK_SECONDS) -> None:
        self.check = check
        self.chunk_seconds = chunk_seconds
        self.training = experiment.training
        dataset = generate(experiment.architecture, experiment.sequences)
        self.truth = np.concatenate([dataset.y[head.name] for head in experiment.architecture.heads], axis=1)
        weights = tf.constant(experiment.training.loss_weights(experiment.architecture), tf.float32)
        self.data: Batch = tf.constant(dataset.x), tf.constant(self.truth), weights
        self.losses = 1 + len(experiment.architecture.heads)
        #: How many sequences train; the rest validate.
        self.size, self.validating = experiment.training.split(len(dataset.x))
        architecture = experiment.architecture
        units = experiment.training.batch * architecture.timesteps * sum(architecture.lstm)
        self._heavy = units > SIDE_BY_SIDE
        self._parts: dict[tuple[int, int], Batch] = {}  # what was evaluated before
        #: Steps taken by both styles, and the seconds they took.
        self.steps, self.seconds = 0, 0.0

    def both(self, work: Callable[[int], T]) -> tuple[T, T]:
        """Call `work` for both sides (0 and 1) at once. TensorFlow releases Python's lock while it computes."""
        left, right = range(2)
        if self._heavy:
            return work(left), work(right)
        other = beside.submit(work, right)
        try:
            first = work(left)
        finally:
            wait([other])
        return first, other.result()

    def steps_within(self, *step_seconds: float) -> int:
        """Steps that fit into one call, by the seconds of a step of each style; 1 while one of them is unknown (0)."""
        return max(1, int(self.chunk_seconds / max(step_seconds))) if all(step_seconds) else 1

    def take(self, steps: int, work: Callable[[int], T]) -> tuple[tuple[T, T], float]:
        """Call `work`, which takes so many steps, for both sides. Returns their results and the seconds of a step."""
        start = perf_counter()
        found = self.both(work)
        seconds = perf_counter() - start
        self.steps += steps
        self.seconds += seconds
        return found, seconds / steps

    def parts(self, start: int, stop: int) -> Iterator[tuple[int, Batch]]:
        """The sequences `start:stop` in the pieces in which they are evaluated, with the size of each piece."""
        step = max(EVALUATED, self.training.batch)
        for first in range(start, stop, step):
            last = min(first + step, stop)
            if (first, last) not in self._parts:
                x, y, weights = self.data
                self._parts[first, last] = x[first:last], y[first:last], weights
            yield last - first, self._parts[first, last]

    def evaluate_both(
        self, start: int, stop: int, evaluate: Callable[[int, Batch], tuple[np.ndarray, np.ndarray]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Losses (2, 1 + heads) on the sequences `start:stop`, and the outputs (2, sequences, units of all heads)."""
        sums = np.zeros((2, self.losses))
        outputs = []
        for size, part in self.parts(start, stop):
            self.check()
            found = self.both(lambda side, part=part: evaluate(side, part))  # type: ignore[misc]
            sums += np.stack([losses for losses, _ in found]) * size
            outputs.append(np.stack([values for _, values in found]))
        return sums / (stop - start), np.concatenate(outputs, axis=1)
