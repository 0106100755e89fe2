"""What both kinds of pair share: the sequences of an experiment, and two threads, one for each side."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
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

#: Predictions are kept of at most `MAX_SEQUENCES` sequences: fewer if a style would predict more than `MAX_PREDICTED`
#: numbers for them (sequences × units of all heads), but at least `FEWEST_SEQUENCES`.
MAX_SEQUENCES, FEWEST_SEQUENCES = 128, 16
MAX_PREDICTED = 4096

style_executor = ThreadPoolExecutor(1, "style")


@dataclass(frozen=True)
class TrainedEpoch:
    """The results of an epoch. Losses are (2, 1 + heads): left and right; the total and each head's.

    `weights` returns those after the epoch. `outputs` (2, sequences, units of all heads) are those of the sequences
    `predicted`, if the epoch is shown.
    """

    losses: np.ndarray
    validation: np.ndarray | None
    weights: Callable[[], Both]
    outputs: np.ndarray | None = None

    @property
    def all_losses(self) -> np.ndarray:
        """The losses, with those of the validation at their right if there are any."""
        return self.losses if self.validation is None else np.concatenate([self.losses, self.validation], axis=1)


def predicted(experiment: Experiment) -> slice:
    """The sequences whose predictions are kept: the first that validate, or that train if none validate."""
    size, validating = experiment.parts
    first, count = (size, validating) if validating else (0, size)
    most = max(MAX_PREDICTED // experiment.architecture.output_units, FEWEST_SEQUENCES)
    return slice(first, first + min(count, MAX_SEQUENCES, most))


class SideBySide(ABC):
    """The sequences of an experiment, and what is computed for both styles.

    `check` is called before every call into TensorFlow, in either thread, and may raise. `chunk_seconds` is the time
    that one call may take. No result depends on it.
    """

    def __init__(self, experiment: Experiment, check: Callable[[], None], chunk_seconds: float = CHUNK_SECONDS) -> None:
        self.check = check
        self.chunk_seconds = chunk_seconds
        self.training = experiment.training
        #: The training settings of each side. They are equal, unless the experiment compares two settings.
        self.trainings = tuple(side.experiment.training for side in experiment.sides())
        dataset = generate(experiment.architecture, experiment.sequences, experiment.parts)
        self.truth = np.concatenate([dataset.y[head.name] for head in experiment.architecture.heads], axis=1)
        x, y = tf.constant(dataset.x), tf.constant(self.truth)
        weights = [tf.constant(each.loss_weights(experiment.architecture), tf.float32) for each in self.trainings]
        #: The sequences, with the loss weights of each side.
        self.data: tuple[Batch, Batch] = (x, y, weights[0]), (x, y, weights[1])
        self.losses = 1 + len(experiment.architecture.heads)
        #: How many sequences train; the rest validate.
        self.size, self.validating = experiment.training.split(len(dataset.x))
        architecture = experiment.architecture
        units = max(each.batch for each in self.trainings) * architecture.timesteps * sum(architecture.lstm)
        self.heavy = units > SIDE_BY_SIDE
        self._parts: dict[tuple[int, int, int], Batch] = {}  # what was evaluated before
        self.predicted = predicted(experiment)
        #: Steps taken by both styles, and the seconds they took; seconds of evaluation between them.
        self.steps, self.seconds, self.evaluating = 0, 0.0, 0.0

    def both(self, work: Callable[[int], T]) -> tuple[T, T]:
        """Call `work` for both sides (0 and 1): at once, or in turn if they are `heavy`.

        TensorFlow releases Python's lock while it computes.
        """
        left, right = range(2)
        if self.heavy:
            return work(left), work(right)
        other = style_executor.submit(work, right)
        try:
            first = work(left)
        finally:
            wait([other])
        return first, other.result()

    def steps_within(self, *step_seconds: float) -> int:
        """Steps that fit into one call, by the seconds of a step of each style; 1 while one of them is unknown (0)."""
        return max(1, int(self.chunk_seconds / max(step_seconds))) if all(step_seconds) else 1

    @abstractmethod
    def evaluate_part(self, side: int, part: Batch) -> tuple[np.ndarray, np.ndarray]:
        """One style's mean losses (1 + heads,) and outputs (sequences, units) with its current weights."""

    def evaluate_side(self, side: int, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """One style's losses (1 + heads,) and outputs (sequences, units of all heads) on the sequences `start:stop`."""
        sums, outputs = np.zeros(self.losses), []
        for size, part in self.parts(side, start, stop):
            self.check()
            losses, values = self.evaluate_part(side, part)
            sums += losses * size
            outputs.append(values)
        return sums / (stop - start), np.concatenate(outputs)

    def evaluate(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """Losses (2, 1 + heads) on the sequences `start:stop`, and the outputs (2, sequences, units of all heads)."""
        left, right = self.both(lambda side: self.evaluate_side(side, start, stop))
        return np.stack([left[0], right[0]]), np.stack([left[1], right[1]])

    def predict(self) -> np.ndarray:
        """The outputs (2, sequences, units of all heads) on the sequences `predicted`, with the current weights."""
        return self.evaluate(self.predicted.start, self.predicted.stop)[1]

    def parts(self, side: int, start: int, stop: int) -> Iterator[tuple[int, Batch]]:
        """The sequences `start:stop` in the pieces in which a side evaluates them, with the size of each piece."""
        step = max(EVALUATED, self.trainings[side].batch)
        for first in range(start, stop, step):
            last = min(first + step, stop)
            if (side, first, last) not in self._parts:
                x, y, weights = self.data[side]
                self._parts[side, first, last] = x[first:last], y[first:last], weights
            yield last - first, self._parts[side, first, last]
