"""Measures question 5: tunes and tests fixed weights and methods, with one compiled style for each method."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
import tensorflow as tf
from cachetools import LRUCache

from backend.experiment import Experiment
from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.lab.questions.base import Progress, unwatched
from backend.lab.questions.beat.compare import best_rate
from backend.lab.questions.beat.evidence import Entry, Evidence, Losses, Settings
from backend.weightings import METHODS
from backend.worker.build import Weights, build, weights_of
from backend.worker.keras_internals import release_traced_graphs
from backend.worker.trainer.compiled import Compiled
from backend.worker.trainer.forward import EVALUATED, Forward
from backend.worker.trainer.pair import batches
from backend.worker.trainer.side_by_side import CHUNK_SECONDS, Batch, beside

#: Bytes of initial weights that are kept for the next training with the same seed.
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
            tuple(self._train(trainer, seed, rate, weights, part=1) for seed in settings.tuning_seeds)
            for rate in settings.rates
        )
        rate = settings.rates[best_rate(tuned)]
        tested = tuple(self._train(trainer, seed, rate, weights, part=2) for seed in settings.test_seeds)
        return Entry(key=key, weights=weights if key == "fixed" else (), tuned=tuned, rate=rate, tested=tested)

    def _train(self, trainer: _Trainer, seed: int, rate: float, weights: Losses, part: int) -> Losses:
        losses = trainer.train(seed, rate, weights, part, lambda: self._progress(self._done / self._trainings))
        self._done += 1
        return losses


class _Problem:
    """The network and its sequences, and for each seed its initial weights.

    Of the sequences, the first `size` train, the next `size` decide rates and weights, and the last `size` test.
    """

    def __init__(self, settings: Settings) -> None:
        self.experiment: Experiment = settings.measured()
        self.architecture = self.experiment.architecture
        self.size, self.epochs, self.batch = settings.samples, settings.epochs, self.experiment.training.batch
        self.style = STYLES["functional"]
        self.source = self.style.write(self.architecture)
        found = generate(self.architecture, settings.sequences())
        targets = np.concatenate([found.y[head.name] for head in self.architecture.heads], axis=1)
        self.x, self.y = tf.constant(found.x), tf.constant(targets)
        self._starts: LRUCache[int, Weights] = LRUCache(KEPT, getsizeof=_bytes)

    def start(self, seed: int) -> Weights:
        """The initial weights."""
        if seed not in self._starts:
            self._starts[seed] = weights_of(build(self.source, seed))
        return self._starts[seed]


def _bytes(weights: Weights) -> int:
    return sum(array.nbytes for arrays in weights.values() for array in arrays)


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

    def train(self, seed: int, rate: float, weights: Losses, part: int, check: Callable[[], None]) -> Losses:
        """The losses of the heads after the last epoch on that part of the sequences; all NaN if training diverged."""
        problem, heads = self._problem, len(weights)
        x, y = problem.x, problem.y
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
        end = (part + 1) * problem.size
        for first in range(part * problem.size, end, EVALUATED):
            rows = slice(first, min(first + EVALUATED, end))
            check()
            losses += self._compiled.evaluate(x[rows], y[rows], of_heads)[0][1:] * (rows.stop - rows.start)
        losses /= problem.size
        return tuple(float(f"{loss:.6g}") if np.isfinite(loss) else float("nan") for loss in losses)

    def _epoch(self, training: Batch, order: np.ndarray, heads: int, check: Callable[[], None]) -> np.ndarray:
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
