"""Measures question 5: tunes and tests fixed weights and methods, with one compiled style for each method."""

from __future__ import annotations

import math
from collections.abc import Callable

from cachetools import LRUCache, cached

from backend.experiment.dataset import generate
from backend.experiment.styles import STYLES
from backend.questions.lab.base import Progress, ignore_progress
from backend.questions.lab.beat.evidence import Entry, Evidence, Losses, Settings
from backend.questions.lab.beat.measurement import losses_after, tune_and_test
from backend.worker.build import Weights, build, weights_of
from backend.worker.keras_internals import release_traced_graphs
from backend.worker.lab_questions.runs import Runs
from backend.worker.trainer.forward import Forward

#: Bytes of initial weights that are kept for the next training with the same seed.
KEPT = 150_000_000


def measure(settings: Settings, progress: Progress = ignore_progress) -> Evidence:
    """Tune every entry on the tuning seeds and test it on the test seeds. The settings decide every bit."""
    with release_traced_graphs():
        return _Measurement(settings, progress).run()


class _Measurement:
    """The first `samples` sequences train, the next ones decide rates and weights, and the last ones test."""

    def __init__(self, settings: Settings, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self._experiment = settings.measured_experiment()
        architecture = self._experiment.architecture
        self._source = STYLES["functional"].write(architecture)
        dataset = generate(architecture, settings.sequences(), settings.parts)
        self._x, self._y = dataset.x, [dataset.y[head.name] for head in architecture.heads]
        self._start = cached(LRUCache[int, Weights](KEPT, getsizeof=_bytes))(self._weights)
        entries = len(settings.weightings) + len(settings.methods)
        self._trainings = entries * (len(settings.rates) * settings.tuning + settings.seeds)
        self._done = 0

    def run(self) -> Evidence:
        heads = len(self._settings.heads)
        runs = self._runs(None)
        fixed = tuple(self._entry(runs, "fixed", each) for each in self._settings.weightings)
        equal = (1 / heads,) * heads
        methods = tuple(self._entry(self._runs(key), key, equal) for key in self._settings.methods)
        self._progress(1.0)
        return Evidence(settings=self._settings, fixed=fixed, methods=methods)

    def _runs(self, method: str | None) -> Runs:
        """One compiled style, for all rates, weights and seeds of a method."""
        experiment = self._experiment
        forward = Forward.of(build(self._source, 0), experiment.architecture, STYLES["functional"])
        training = experiment.training
        return Runs(forward, self._start, training.optimizer, training.batch, self._check, method)

    def _weights(self, seed: int) -> Weights:
        return weights_of(build(self._source, seed))

    def _check(self) -> None:
        self._progress(self._done / self._trainings)

    def _entry(self, runs: Runs, key: str, weights: Losses) -> Entry:
        settings = self._settings
        tuned, rate, tested = tune_and_test(
            self._training(runs, weights), settings.rates, settings.tuning_seeds, settings.test_seeds
        )
        return Entry(
            key=key, weights=weights if key == "fixed" else (), tuned=tuple(map(tuple, tuned)), rate=rate,
            tested=tuple(tested),
        )  # fmt: skip

    def _training(self, runs: Runs, weights: Losses) -> Callable[[int, float, int], Losses]:
        """The losses of the heads after a training; all NaN if it diverged."""
        size, epochs = self._settings.samples, self._settings.epochs

        def train(seed: int, rate: float, part: int) -> Losses:
            losses = losses_after(runs, self._x, self._y, size, epochs, seed, rate, weights, part)
            self._done += 1
            fine = [runs.finite and math.isfinite(loss) for loss in losses]
            return tuple(float(f"{loss:.6g}") if each else math.nan for loss, each in zip(losses, fine, strict=True))

        return train


def _bytes(weights: Weights) -> int:
    return sum(array.nbytes for arrays in weights.values() for array in arrays)
