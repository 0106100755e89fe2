"""The paired trainer: trains both styles of an experiment on the same batches and returns the run."""

from __future__ import annotations

import platform
from collections.abc import Collection, Hashable, Iterator, Sequence
from time import perf_counter
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from cachetools import LRUCache

import backend
from backend.experiment import Experiment
from backend.experiment.sides import side_keys
from backend.jobs.messages import Phase
from backend.jobs.runtime import Context
from backend.network.dead import dead_units, has_relu
from backend.network.neurons import visible_weights
from backend.training.duration import is_xla_program
from backend.training.job import EpochEvent, PrepareJob, SeedsJob, TrainJob, compiled_styles
from backend.training.live import LiveWeights, epochs_kept
from backend.training.result import SIDES, Epoch, Losses, Predictions, Run, Snapshot, Timings
from backend.worker.build import Weights, build, transfer_weights, weights_of
from backend.worker.trainer.compiled import Compiled
from backend.worker.trainer.divergence import Diverged, divergence
from backend.worker.trainer.forward import Forward
from backend.worker.trainer.pair import CHUNK_SECONDS, Both, Pair, TrainedEpoch
from backend.worker.trainer.program import Program

#: The compiled styles of this worker, so that a known architecture starts at once. Bounded: an evicted style still
#: leaks, since TensorFlow does not free the memory of a traced graph. So a worker is renewed after some traces as well.
CACHE: LRUCache[Hashable, Any] = LRUCache(maxsize=8)
#: Styles that were compiled ahead and that no run has trained yet. They are kept apart, so they evict no style that a
#: run has trained.
AHEAD: LRUCache[Hashable, Any] = LRUCache(maxsize=4)


def train(
    job: TrainJob, context: Context, chunk_seconds: float = CHUNK_SECONDS, xla_program: bool | None = None
) -> Run:
    """Train both styles of the experiment, for each seed in turn.

    Reports its phases, and an `EpochEvent` after each epoch of both styles. Snapshots, predictions and weights are
    those of the first seed. Raises `Cancelled` soon after the job is cancelled. A loss that becomes NaN or infinite, or
    far exceeds its untrained value, ends the run with a sentence in `stopped`; the epochs before it are kept. The
    experiment determines every bit of the curves, predictions and weights; `chunk_seconds` (see `Pair`) has no
    effect on them. `xla_program` replaces the experiment's choice (`is_xla_program`).
    """
    return _Trainer(job.experiment, context, chunk_seconds, xla_program).run()


def train_seeds(job: SeedsJob, context: Context) -> list[Run]:
    """Train the experiment once with each seed, as `train` does with that seed alone. Reports nothing.

    A seed that diverges stops no other one. Raises `Cancelled` soon after the job is cancelled.
    """
    return [train(each, context.quiet()) for each in job.jobs()]


def prepare(job: PrepareJob, context: Context) -> None:
    """Compile both styles of the experiment and take some steps, so that its training starts as fast as a repeated one.

    It is for runs that train step by step. It reports nothing, and changes no bit of any result.
    """
    trainer = _Trainer(job.experiment, context, xla_program=False)
    start = trainer.start(job.experiment.training.seed)
    pair = trainer.pair(AHEAD)
    pair.trace()
    pair.warm_up(*start)


def weights_after(experiment: Experiment, epochs: Collection[int], context: Context) -> Iterator[tuple[int, Both]]:
    """Train both styles with the first seed of the experiment, as `train` does step by step.

    Yields the weights of both after each of the `epochs`; those after epoch 0 are the initial ones. Reports the phases.
    Raises `Cancelled` soon after the job is cancelled, and `Diverged` if `train` would stop.
    """
    training, (pair, start) = experiment.training, begin(experiment, context)
    untrained = [losses for losses, _ in pair.evaluate()]
    if 0 in epochs:
        yield 0, start
    trained = pair.train(np.random.default_rng(training.seed), training.epochs, set(epochs))
    for epoch, both in enumerate(trained, 1):
        if stopped := divergence(experiment, both, untrained, training.seed, epoch):
            raise Diverged(stopped)
        if epoch in epochs:
            yield epoch, _weights(both)


def begin(experiment: Experiment, context: Context) -> tuple[Pair, Both]:
    """Both styles step by step, at the initial weights of the first seed, and these weights. Reports phases."""
    trainer, seed = _Trainer(experiment, context, xla_program=False), experiment.training.seed
    pair, start = trainer.begin()
    pair.reset(*start, seed=seed)
    return pair, start


class _Trainer:
    def __init__(
        self,
        experiment: Experiment,
        context: Context,
        chunk_seconds: float = CHUNK_SECONDS,
        xla_program: bool | None = None,
    ) -> None:
        self.experiment = experiment
        self.context = context
        self.chunk_seconds = chunk_seconds
        self.architecture = experiment.architecture
        self.training = experiment.training
        self.sides = experiment.sides()
        self.styles = self.sides[0].style, self.sides[1].style
        self.sources = [side.style.write(side.experiment.architecture) for side in self.sides]
        self.xla_program = is_xla_program(experiment) if xla_program is None else xla_program
        self.names = [head.name for head in self.architecture.heads]
        self.began = self.built = perf_counter()
        self.traced = 0
        self.epochs: list[Epoch] = []
        self.snapshots: list[Snapshot] = []
        self.live = LiveWeights()
        self.models: dict[int, keras.Model] = {}
        self.stopped: str | None = None

    def begin(self) -> tuple[Pair, Both]:
        """Both styles, compiled, and the initial weights of the first seed. Reports phases."""
        self._phase("building")
        start = self.start(self.training.seed)
        self.built = perf_counter()
        self._phase("compiling" if self.xla_program else "tracing")
        pair = self.pair()
        self.traced = pair.trace()
        self._phase("training")
        return pair, start

    def run(self) -> Run:
        pair, start = self.begin()
        compiled = perf_counter()
        last_weights = self._train(pair, self.training.seed, start)
        for seed in range(self.training.seed + 1, self.training.seed + self.training.seeds):
            if not self.stopped:
                self._train(pair, seed, self.start(seed))
        return Run(
            experiment=self.experiment,
            styles=side_keys(self.experiment),
            epochs=self.epochs,
            snapshots=self.snapshots,
            predictions=Predictions(truth=self._by_head(pair.truth), **self.snapshots[-1].predictions),
            weights={"left": last_weights[0], "right": last_weights[1]},
            timings=Timings(
                build=self.built - self.began,
                trace=compiled - self.built,
                train=perf_counter() - compiled,
                step=pair.seconds / pair.steps,
                steps=pair.steps,
                traced=self.traced,
                evaluate=pair.evaluating,
            ),
            versions={
                "two_heads": backend.__version__,
                "trainer": backend.TRAINER,
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

    def _model(self, side: int) -> keras.Model:
        """The model of a side with the first seed. Building takes long, so it waits until something needs the model."""
        if side not in self.models:
            self.models[side] = build(self.sources[side], self.training.seed)
        return self.models[side]

    def _weights(self, side: int, seed: int) -> Weights:
        """The initial weights of a side."""
        return weights_of(self._model(side) if seed == self.training.seed else build(self.sources[side], seed))

    def start(self, seed: int) -> Both:
        """The initial weights of both sides; with the same start, the right side gets those of the left one."""
        first = self._weights(0, seed)
        if self.sides[0].experiment.training.same_start:
            return first, transfer_weights(first, self.architecture, *self.styles)
        return first, self._weights(1, seed)

    def pair(self, cache: LRUCache[Hashable, Any] = CACHE) -> Pair:
        """Both sides with the sequences: from either cache if they are there, else new ones, which go into `cache`."""
        pair: list[Compiled] = []
        sizes = (self.experiment.parts, self.training.batch) if self.xla_program else None
        for number, (own, style) in enumerate(zip(self.sides, compiled_styles(self.experiment), strict=True)):
            key = style, sizes
            side: Compiled | None = CACHE.get(key)
            if side is None:
                side = AHEAD.pop(key, None)
                if side is None:
                    self.context.traced()
                    forward = Forward(self._model(number), self.architecture, own.style)
                    kind = Program if self.xla_program else Compiled
                    side = kind(forward, own.experiment.training.optimizer, own.method)
                cache[key] = side
            pair.append(side)
        return Pair(self.experiment, pair[0], pair[1], self.context.raise_if_cancelled, self.chunk_seconds)

    def _train(self, pair: Pair, seed: int, start: Both) -> Both:
        """Train one seed. For the first seed, return the last weights before the run diverged, or those at its end.

        For other seeds, return the initial weights, because their trained weights are not kept.
        """
        pair.reset(*start, seed=seed)
        (left, left_outputs), (right, right_outputs) = pair.evaluate()
        kept: set[int] = set()
        if seed == self.training.seed:
            kept = epochs_kept(self.experiment, pair.truth.size)
            self._snapshot(0, start, (left_outputs, right_outputs))
        last_weights = start
        for epoch, both in enumerate(pair.train(np.random.default_rng(seed), self.training.epochs, kept), 1):
            self.stopped = divergence(self.experiment, both, (left, right), seed, epoch)
            if self.stopped:
                break
            if kept:
                last_weights = _weights(both)
            if epoch in kept:
                self._snapshot(epoch, last_weights, [side.outputs for side in both])
            dead = [self._dead(pair, both, side) if epoch == self.training.epochs else None for side in (0, 1)]
            self._record_epoch(seed, epoch, both, dead, shown=epoch in kept)
        if kept and self.snapshots[-1].epoch < len(self.epochs):  # the run stopped between two snapshots
            pair.reset(*last_weights, seed=seed)
            self._snapshot(len(self.epochs), last_weights, [outputs for _, outputs in pair.evaluate()])
        return last_weights

    def _dead(self, pair: Pair, both: Sequence[TrainedEpoch], side: int) -> int | None:
        """The dead units of a side on its training sequences; None without ReLU in its shared layers."""
        architecture = self.sides[side].experiment.architecture
        if not has_relu(architecture):
            return None
        return dead_units(architecture, _weights(both)[side], pair.data[side][0].numpy()[: pair.size])

    def _record_epoch(
        self, seed: int, epoch: int, both: Sequence[TrainedEpoch], dead: Sequence[int | None], *, shown: bool
    ) -> None:
        """Keep and report the losses of an epoch, and the `dead` units after it.

        Of an epoch that is `shown`, the weights of its snapshot are reported, too.
        """

        def of(side: int) -> Losses:
            total, *heads = both[side].losses.tolist()
            result = Losses(total=total, heads=dict(zip(self.names, heads, strict=True)), dead=dead[side])
            if (validation := both[side].validation) is not None:
                result.val_total, *heads = validation.tolist()
                result.val_heads = dict(zip(self.names, heads, strict=True))
            return result

        done = Epoch(seed=seed, epoch=epoch, left=of(0), right=of(1), seconds=perf_counter() - self.began)
        self.epochs.append(done)
        weights = self.live.of(self.snapshots[-1]) if shown else None
        self.context.report(EpochEvent(data=done, weights=weights))

    def _snapshot(self, epoch: int, weights: Both, outputs: Sequence[Any]) -> None:
        """Keep the visible weights and the `outputs` (sequences, units of all heads) of each style."""
        left, right = (visible_weights(self.architecture, *side) for side in zip(self.styles, weights, strict=True))
        predictions = {side: self._by_head(values) for side, values in zip(SIDES, outputs, strict=True)}
        self.snapshots.append(Snapshot(epoch=epoch, left=left, right=right, predictions=predictions))

    def _by_head(self, values: np.ndarray) -> dict[str, np.ndarray]:
        """The columns of `values` (sequences, units of all heads) by head."""
        ends = np.cumsum([head.units for head in self.architecture.heads])[:-1]
        return dict(zip(self.names, np.split(values, ends, axis=1), strict=True))


def _weights(both: Sequence[TrainedEpoch]) -> Both:
    left, right = (each.weights for each in both)
    assert left is not None
    assert right is not None
    return left, right
