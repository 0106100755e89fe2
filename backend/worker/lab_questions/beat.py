"""Measures question 5: tunes and tests fixed weights and methods, with one compiled style for each method."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import perf_counter
from typing import Any

import numpy as np
import tensorflow as tf
from cachetools import LRUCache

from backend.experiment import Experiment
from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.lab.beat.compare import best_rate
from backend.lab.beat.evidence import Entry, Evidence, Losses, Settings
from backend.lab.questions.base import Progress, unwatched
from backend.weightings import METHODS
from backend.worker.build import Weights, build, weights_of
from backend.worker.keras_internals import release_traced_graphs
from backend.worker.trainer.compiled import Compiled
from backend.worker.trainer.forward import EVALUATED, Forward
from backend.worker.trainer.pair import batches
from backend.worker.trainer.side_by_side import CHUNK_SECONDS, beside

Data = tuple[tf.Tensor, tf.Tensor]
#: Bytes of sequences and initial weights that are kept for the next training on the same seed.
KEPT = 150_000_000


def measure(settings: Settings, progress: Progress = unwatched) -> Evidence:
    """Tune every entry on the tuning seeds and test it on the test seeds. The settings decide every bit."""
    with release_traced_graphs():
        return _Measurement(settings, progress).run()


class _Measurement:
    def __init__(self, settings: Settings, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self._problem = _Problem(settings)
        entries = len(settings.weightings) + len(settings.methods)
        self._trainings = entries * (len(settings.rates) * settings.tuning + settings.seeds)
        self._done = 0

    def run(self) -> Evidence:
        heads = len(self._settings.heads)
        trainer = _Trainer(self._problem, None)
        fixed = tuple(self._entry(trainer, "fixed", each) for each in self._settings.weightings)
        equal = (1 / heads,) * heads
        methods = tuple(self._entry(_Trainer(self._problem, key), key, equal) for key in self._settings.methods)
        self._progress(1.0)
        return Evidence(settings=self._settings, fixed=fixed, methods=methods)

    def _entry(self, trainer: _Trainer, key: str, weights: Losses) -> Entry:
        settings = self._settings
        tuned = tuple(
            tuple(self._train(trainer, seed, rate, weights) for seed in settings.tuning_seeds)
            for rate in settings.rates
        )
        rate = settings.rates[best_rate(tuned)]
        tested = tuple(self._train(trainer, seed, rate, weights) for seed in settings.test_seeds)
        return Entry(key=key, weights=weights if key == "fixed" else (), tuned=tuned, rate=rate, tested=tested)

    def _train(self, trainer: _Trainer, seed: int, rate: float, weights: Losses) -> Losses:
        losses = trainer.train(seed, rate, weights, lambda: self._progress(self._done / self._trainings))
        self._done += 1
        return losses


class _Problem:
    """The network, and for each seed its initial weights and its sequences: first those that train."""

    def __init__(self, settings: Settings) -> None:
        self.experiment: Experiment = settings.measured()
        self.architecture = self.experiment.architecture
        self.size, self.epochs, self.batch = settings.samples, settings.epochs, self.experiment.training.batch
        self.style = STYLES["functional"]
        self.source = self.style.write(self.architecture)
        self._kept: LRUCache[Hashable, Any] = LRUCache(KEPT, getsizeof=lambda kept: kept[0])

    def start(self, seed: int) -> Weights:
        """The initial weights."""

        def draw() -> tuple[int, Weights]:
            weights = weights_of(build(self.source, seed))
            return sum(array.nbytes for arrays in weights.values() for array in arrays), weights

        found: Weights = self._once(("start", seed), draw)
        return found

    def data(self, seed: int) -> Data:
        """The inputs, and the targets of all heads side by side."""

        def draw() -> tuple[int, Data]:
            more = self.experiment.sequences.model_copy(update={"samples": 2 * self.size, "seed": seed})
            found = generate(self.architecture, more)
            targets = np.concatenate([found.y[head.name] for head in self.architecture.heads], axis=1)
            return found.x.nbytes + targets.nbytes, (tf.constant(found.x), tf.constant(targets))

        found: Data = self._once(("data", seed), draw)
        return found

    def _once(self, key: Hashable, draw: Callable[[], tuple[int, Any]]) -> Any:
        if key not in self._kept:
            self._kept[key] = draw()
        return self._kept[key][1]


class _Trainer:
    """One compiled style, for all rates, weights and seeds of a method."""

    def __init__(self, problem: _Problem, method: str | None) -> None:
        self._problem = problem
        forward = Forward(build(problem.source, 0), problem.architecture, problem.style)
        optimizer = problem.experiment.training.optimizer
        self._compiled = Compiled(forward, optimizer, METHODS[method] if method else None)
        for graph in self._compiled.trace(problem.size, problem.batch, beside):
            graph.result()
        #: Seconds of a step, which decide how many steps one call takes. The losses do not depend on it.
        self._step_seconds = CHUNK_SECONDS

    def train(self, seed: int, rate: float, weights: Losses, check: Callable[[], None]) -> Losses:
        """The validation losses of the heads after the last epoch; all NaN if the training diverged."""
        problem, heads = self._problem, len(weights)
        x, y = problem.data(seed)
        of_heads = tf.constant(weights, tf.float32)
        training = x[: problem.size], y[: problem.size], of_heads
        self._compiled.reset(problem.start(seed), rate, seed)
        order = np.random.default_rng(seed)
        for _ in range(problem.epochs):
            sums = self._epoch(training, order.permutation(problem.size), heads, check)
            if not np.isfinite(sums).all():
                return (float("nan"),) * heads
            self._compiled.end_epoch(sums / problem.size)
        losses = np.zeros(heads)
        for first in range(problem.size, 2 * problem.size, EVALUATED):
            part = slice(first, min(first + EVALUATED, 2 * problem.size))
            check()
            losses += self._compiled.evaluate(x[part], y[part], of_heads)[0][1:] * (part.stop - part.start)
        losses /= problem.size
        return tuple(float(f"{loss:.6g}") if np.isfinite(loss) else float("nan") for loss in losses)

    def _epoch(self, training: Any, order: np.ndarray, heads: int, check: Callable[[], None]) -> np.ndarray:
        """Take the steps of an epoch in this order. Returns the sums of the losses, (1 + heads,)."""
        sums, batch, done = np.zeros(1 + heads), self._problem.batch, 0
        while done < len(order) and np.isfinite(sums).all():
            check()
            piece = next(batches(order[done:], batch, max(1, int(CHUNK_SECONDS / self._step_seconds))))
            began = perf_counter()
            sums = self._compiled.train(*training, piece, piece.shape[1] == batch, sums)
            self._step_seconds = (perf_counter() - began) / len(piece)
            done += piece.size
        return sums
