"""The paired trainer: trains both styles of an experiment on the same batches and returns the run."""

from __future__ import annotations

import platform
from collections.abc import Hashable
from time import perf_counter

import keras
import numpy as np
import tensorflow as tf
from cachetools import LRUCache

import backend
from backend.experiment import Experiment
from backend.experiment.styles import Style
from backend.jobs.messages import Phase
from backend.jobs.runtime import Context
from backend.network.neurons import edge_weights, edges, groups, visible
from backend.training.job import EpochEvent, TrainJob
from backend.training.result import Epoch, Losses, Predictions, Run, Snapshot, Timings
from backend.words import listed, short
from backend.worker.build import Weights, build, transfer_weights, weights_of
from backend.worker.trainer.compiled import Compiled
from backend.worker.trainer.pair import CHUNK_SECONDS, Pair

MAX_SNAPSHOTS = 50
MAX_SNAPSHOT_BYTES = 2_000_000
MAX_PREDICTIONS = 200

#: A total loss this many times its untrained value counts as divergence, even if it is finite.
DIVERGED = 1e6

#: The compiled styles of this worker, so that a known architecture starts at once. Bounded: an evicted style still
#: leaks, since TensorFlow does not free the memory of a traced graph. So a worker is renewed after some traces as well.
CACHE: LRUCache[Hashable, Compiled] = LRUCache(maxsize=8)


def train(job: TrainJob, context: Context, chunk_seconds: float = CHUNK_SECONDS) -> Run:
    """Train both styles of the experiment, for each seed in turn.

    Reports its phases, and an `EpochEvent` after each epoch of both styles. Snapshots, predictions and weights are
    those of the first seed. Raises `Cancelled` soon after the job is cancelled. A loss that becomes NaN or infinite, or
    exceeds `DIVERGED`, ends the run with a sentence in `stopped`; the epochs before it are kept. The experiment
    determines every bit of the curves, predictions and weights; `chunk_seconds` (see `Pair`) has no effect on them.
    """
    return _Trainer(job.experiment, context, chunk_seconds).run()


class _Trainer:
    def __init__(self, experiment: Experiment, context: Context, chunk_seconds: float) -> None:
        self.experiment = experiment
        self.context = context
        self.chunk_seconds = chunk_seconds
        self.architecture = experiment.architecture
        self.training = experiment.training
        self.styles = experiment.styles()
        self.sources = [style.write(self.architecture) for style in self.styles]
        self.names = [head.name for head in self.architecture.heads]
        self.began = perf_counter()
        self.epochs: list[Epoch] = []
        self.snapshots: list[Snapshot] = []
        self.stopped: str | None = None

    def run(self) -> Run:
        self._phase("building")
        models, start = self._build(self.training.seed)
        built = perf_counter()
        self._phase("tracing")
        pair = Pair(self.experiment, *self._compile(models), self.context.raise_if_cancelled, self.chunk_seconds)
        traced = pair.trace()
        compiled = perf_counter()
        self._phase("training")
        kept = self._train(pair, self.training.seed, start)
        for seed in range(self.training.seed + 1, self.training.seed + self.training.seeds):
            if not self.stopped:
                self._train(pair, seed, self._build(seed)[1])
        pair.reset(*kept)
        return Run(
            experiment=self.experiment,
            styles=(self.styles[0].key, self.styles[1].key),
            epochs=self.epochs,
            snapshots=self.snapshots,
            predictions=self._predict(pair),
            weights={"left": kept[0], "right": kept[1]},
            timings=Timings(
                build=built - self.began,
                trace=compiled - built,
                train=perf_counter() - compiled,
                step=pair.seconds / pair.steps,
                steps=pair.steps,
                traced=traced,
            ),
            versions={
                "two_heads": backend.__version__,
                "keras": keras.__version__,
                "tensorflow": tf.__version__,
                "numpy": np.__version__,
                "python": platform.python_version(),
            },
            stopped=self.stopped,
        )

    def _phase(self, phase: str) -> None:
        self.context.raise_if_cancelled()
        self.context.report(Phase(phase=phase))

    def _build(self, seed: int) -> tuple[list[keras.Model], tuple[Weights, Weights]]:
        """Both models and their initial weights; with the same start, the right model gets those of the left one."""
        models = [build(source, seed) for source in self.sources]
        left, right = (weights_of(model) for model in models)
        if self.training.same_start:
            right = transfer_weights(left, self.architecture, *self.styles)
        return models, (left, right)

    def _compile(self, models: list[keras.Model]) -> tuple[Compiled, Compiled]:
        """Both styles compiled, from the cache where possible. The same style on both sides gets two entries."""
        losses = tuple((head.units, head.loss) for head in self.architecture.heads)
        pair: list[Compiled] = []
        for model, style, source in zip(models, self.styles, self.sources, strict=True):
            twin = bool(pair) and style is self.styles[0]
            key = (source, losses, self.training.optimizer, twin)
            if key not in CACHE:
                self.context.traced()
                CACHE[key] = Compiled(model, self.architecture, style, self.training.optimizer)
            pair.append(CACHE[key])
        return pair[0], pair[1]

    def _train(self, pair: Pair, seed: int, start: tuple[Weights, Weights]) -> tuple[Weights, Weights]:
        """Train one seed; returns the last weights before the run diverged, or those at its end."""
        first = seed == self.training.seed
        pair.reset(*start)
        limit = DIVERGED * np.maximum(pair.evaluate(0, min(pair.size, self.training.batch))[0][:, 0], 1e-3)
        shown = self._snapshot_epochs() if first else set()
        weights = start
        self._snapshot(0, shown, weights)
        order = np.random.default_rng(seed)
        for epoch in range(1, self.training.epochs + 1):
            losses = pair.epoch(order.permutation(pair.size))
            validation = pair.validate() if pair.validating else None
            both = losses if validation is None else np.concatenate([losses, validation], axis=1)
            self.stopped = self._divergence(both, limit, seed, epoch)
            if self.stopped:
                break
            weights = pair.weights()
            self._snapshot(epoch, shown, weights)
            self._keep(seed, epoch, losses, validation)
        return weights

    def _divergence(self, losses: np.ndarray, limit: np.ndarray, seed: int, epoch: int) -> str | None:
        """Why the run stops here, in a sentence; None where the losses of both styles are fine."""
        broken = ~np.isfinite(losses).all(axis=1)
        diverged = broken if broken.any() else losses[:, 0] > limit
        if not diverged.any():
            return None
        whose = listed(dict.fromkeys(s.title for s, bad in zip(self.styles, diverged, strict=True) if bad))
        what = "became NaN or infinite" if broken.any() else "exceeded a million times its initial value"
        of = f" of seed {seed}" if self.training.seeds > 1 else ""
        rate = f"Training diverges at a learning rate of {short(self.training.learning_rate, 3)}; try a smaller one"
        return f"{whose}: the loss {what} in epoch {epoch}{of}. {rate}."

    def _keep(self, seed: int, epoch: int, losses: np.ndarray, validation: np.ndarray | None) -> None:
        def of(side: int) -> Losses:
            total, *heads = losses[side].tolist()
            kept = Losses(total=total, heads=dict(zip(self.names, heads, strict=True)))
            if validation is not None:
                kept.val_total, *heads = validation[side].tolist()
                kept.val_heads = dict(zip(self.names, heads, strict=True))
            return kept

        done = Epoch(seed=seed, epoch=epoch, left=of(0), right=of(1), seconds=perf_counter() - self.began)
        self.epochs.append(done)
        self.context.report(EpochEvent(data=done))

    def _snapshot_epochs(self) -> set[int]:
        """The epochs after which weights are kept: evenly spread, with the first and the last."""
        units = {group.name: visible(group.units) for group in groups(self.architecture)}
        size = sum(8 * units[block.source] * units[block.target] for block in edges(self.architecture, self.styles[0]))
        count = min(MAX_SNAPSHOTS, self.training.epochs + 1, max(2, MAX_SNAPSHOT_BYTES // size))
        return set(np.linspace(0, self.training.epochs, count).round().astype(int).tolist())

    def _snapshot(self, epoch: int, shown: set[int], weights: tuple[Weights, Weights]) -> None:
        if epoch in shown:
            left, right = (self._visible(style, own) for style, own in zip(self.styles, weights, strict=True))
            self.snapshots.append(Snapshot(epoch=epoch, left=left, right=right))

    def _visible(self, style: Style, weights: Weights) -> dict[str, np.ndarray]:
        units = {group.name: visible(group.units) for group in groups(self.architecture)}
        return {
            block.key: edge_weights(block, weights)[: units[block.source], : units[block.target]]
            for block in edges(self.architecture, style)
        }

    def _predict(self, pair: Pair) -> Predictions:
        first = pair.size if pair.validating else 0
        last = first + min(MAX_PREDICTIONS, pair.validating or pair.size)
        _, (left, right) = pair.evaluate(first, last)
        ends = np.cumsum([head.units for head in self.architecture.heads])[:-1]

        def by_head(values: np.ndarray) -> dict[str, np.ndarray]:
            return dict(zip(self.names, np.split(values, ends, axis=1), strict=True))

        return Predictions(truth=by_head(pair.truth[first:last]), left=by_head(left), right=by_head(right))
