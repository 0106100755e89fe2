"""Times models in turns, as `fit` and `predict` run them: A, B, C, then B, C, A, and so on.

The timed functions are Keras's own: the compiled train function of `fit`, fed by the data set that `fit` makes, and
the compiled predict function of `predict`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, TypeVar

import keras
import numpy as np
import tensorflow as tf

from backend.jobs.runtime import Context
from backend.statistics.intervals import FEWEST_PAIRS
from backend.worker.build import build
from backend.worker.keras_internals import fit_batches

Name = TypeVar("Name", bound=str)
#: Seconds per step, over so many calls.
Timer = Callable[[int], float]

#: Seconds for all rounds of one quantity; at least `FEWEST_PAIRS` rounds are timed.
BUDGET = {"build": 0.4, "train": 0.9, "infer": 0.4}
MOST_ROUNDS = 31
#: A reading takes as many calls as fill this many seconds. In shorter ones, clock and caches have too much influence.
READING, MOST_CALLS = 0.015, 8


class Stepper:
    """A model whose train function takes so many `steps` a call. It must be compiled before it is fed."""

    def __init__(self, model: keras.Model, steps: int = 1) -> None:
        self.model = model
        self._steps = steps

    def feed(self, x: Any, y: Any, batch: int) -> None:
        """Feed endless batches of these arrays to the train function, made as `fit` makes them, and one for inference.

        `x` and `y` are arrays, or trees of arrays as the model takes them.
        """
        self.batches = fit_batches(x, y, batch)
        self._data = [(keras.tree.map_structure(lambda each: tf.constant(each[:batch]), x),)]
        self.model.make_train_function()
        self.model.make_predict_function()

    def train(self, calls: int = 1) -> float:
        """Seconds per step, over this many calls of the train function."""
        start = perf_counter()
        for _ in range(calls):
            self.model.train_function(self.batches)
        return (perf_counter() - start) / (calls * self._steps)

    def infer(self, calls: int = 1) -> float:
        """Seconds per forward pass, over this many calls of the predict function."""
        start = perf_counter()
        for _ in range(calls):
            self.model.predict_function(self._data)
        return (perf_counter() - start) / calls


def builder(source: str) -> Timer:
    """A timer of how long it takes to build a model from its source."""

    def timed(calls: int) -> float:
        start = perf_counter()
        for _ in range(calls):
            build(source)
        return (perf_counter() - start) / calls

    return timed


def rounds(what: str, timers: Mapping[Name, Timer], context: Context, steps: int = 1) -> dict[Name, list[float]]:
    """Readings by name, one a round, in the time for `what` in `BUDGET`. A call of a timer takes so many `steps`.

    A discarded first round decides the calls per reading. Raises `Cancelled` between two readings.
    """
    warm = steps * sum(timer(1) for timer in timers.values()) / len(timers)
    return in_turns(timers, int(np.clip(READING / warm, 1, MOST_CALLS)), BUDGET[what], context)


def in_turns(timers: Mapping[Name, Timer], calls: int, seconds: float, context: Context) -> dict[Name, list[float]]:
    """Readings by name, one a round: what each timer returns for `calls` calls.

    The order rotates from round to round, because a model that runs after another finds that one's data in the caches.
    The rounds end after `seconds`, but not before `FEWEST_PAIRS` rounds, and at `MOST_ROUNDS` at the latest. Raises
    `Cancelled` between two readings.
    """
    order = list(timers)
    readings: dict[Name, list[float]] = {name: [] for name in timers}
    deadline, done = perf_counter() + seconds, 0
    while done < FEWEST_PAIRS or (done < MOST_ROUNDS and perf_counter() < deadline):
        for name in order:
            context.raise_if_cancelled()
            if calls > 1:
                timers[name](1)  # fills the caches, which hold the data of the model before
            readings[name].append(timers[name](calls))
        order = [*order[1:], order[0]]
        done += 1
    return readings
