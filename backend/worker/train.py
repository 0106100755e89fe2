"""The paired trainer: trains both styles of an experiment on the same batches and returns the run."""

from __future__ import annotations

import platform
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from time import perf_counter
from typing import Any, TypeVar

import keras
import numpy as np
import tensorflow as tf
from cachetools import LRUCache

import backend
from backend.experiment import Experiment
from backend.experiment.experiment import Side
from backend.experiment.sides import side_keys
from backend.jobs.messages import Phase
from backend.jobs.runtime import Context
from backend.network.dead import dead_units, has_relu
from backend.network.neurons import visible_weights
from backend.training.duration import in_second_gear
from backend.training.job import EpochEvent, PrepareJob, SeedsJob, TrainJob, compiled_styles
from backend.training.live import LiveWeights, epochs_kept
from backend.training.result import SIDES, Epoch, Losses, Predictions, Run, Snapshot, Timings
from backend.worker.build import Weights, build, transfer_weights, weights_of
from backend.worker.trainer.compiled import Compiled
from backend.worker.trainer.divergence import Diverged, divergence, loss_limit
from backend.worker.trainer.forward import Forward
from backend.worker.trainer.looped import LoopedPair, shape
from backend.worker.trainer.pair import Pair
from backend.worker.trainer.program import Program
from backend.worker.trainer.side_by_side import CHUNK_SECONDS, Both, TrainedEpoch

#: The compiled styles of this worker, so that a known architecture starts at once. Bounded: an evicted style still
#: leaks, since TensorFlow does not free the memory of a traced graph. So a worker is renewed after some traces as well.
CACHE: LRUCache[Hashable, Any] = LRUCache(maxsize=8)
#: Styles that were compiled ahead and that no run has trained yet. They are kept apart, so they evict no style that a
#: run has trained.
AHEAD: LRUCache[Hashable, Any] = LRUCache(maxsize=4)
C = TypeVar("C", Compiled, Program)


def train(
    job: TrainJob, context: Context, chunk_seconds: float = CHUNK_SECONDS, second_gear: bool | None = None
) -> Run:
    """Train both styles of the experiment, for each seed in turn.

    Reports its phases, and an `EpochEvent` after each epoch of both styles. Snapshots, predictions and weights are
    those of the first seed. Raises `Cancelled` soon after the job is cancelled. A loss that becomes NaN or infinite, or
    far exceeds its untrained value, ends the run with a sentence in `stopped`; the epochs before it are kept. The
    experiment determines every bit of the curves, predictions and weights; `chunk_seconds` (see `SideBySide`) has no
    effect on them. `second_gear` replaces the experiment's choice of the gear (`in_second_gear`).
    """
    return _Trainer(job.experiment, context, chunk_seconds, second_gear).run()


def train_seeds(job: SeedsJob, context: Context) -> list[Run]:
    """Train the experiment once with each seed, as `train` does with that seed alone. Reports nothing.

    A seed that diverges stops no other one. Raises `Cancelled` soon after the job is cancelled.
    """
    return [train(each, context.quiet()) for each in job.jobs()]


def prepare(job: PrepareJob, context: Context) -> None:
    """Compile both styles of the experiment and take some steps, so that its training starts as fast as a repeated one.

    It is for the first gear. It reports nothing, and changes no bit of any result.
    """
    _Trainer(job.experiment, context, CHUNK_SECONDS, second_gear=False).prepare()


def weights_after(experiment: Experiment, epochs: Collection[int], context: Context) -> Iterator[tuple[int, Both]]:
    """Train both styles with the first seed of the experiment, as `train` does in the first gear.

    Yields the weights of both after each of the `epochs`; those after epoch 0 are the initial ones. Reports the phases.
    Raises `Cancelled` soon after the job is cancelled, and `Diverged` if `train` would stop.
    """
    return _Trainer(experiment, context, CHUNK_SECONDS, second_gear=False).weights_after(set(epochs))


def begin(experiment: Experiment, context: Context) -> tuple[Pair, Both]:
    """Both styles in the first gear, at the initial weights of the first seed, and these weights. Reports phases."""
    return _Trainer(experiment, context, CHUNK_SECONDS, second_gear=False).begin()


class _Trainer:
    def __init__(
        self, experiment: Experiment, context: Context, chunk_seconds: float, second_gear: bool | None
    ) -> None:
        self.experiment = experiment
        self.context = context
        self.chunk_seconds = chunk_seconds
        self.architecture = experiment.architecture
        self.training = experiment.training
        self.sides = experiment.sides()
        self.styles = self.sides[0].style, self.sides[1].style
        self.sources = [side.style.write(side.experiment.architecture) for side in self.sides]
        self.second_gear = in_second_gear(experiment) if second_gear is None else second_gear
        self.names = [head.name for head in self.architecture.heads]
        self.began = perf_counter()
        self.epochs: list[Epoch] = []
        self.snapshots: list[Snapshot] = []
        self.live = LiveWeights()
        self.models: dict[int, keras.Model] = {}
        self.stopped: str | None = None

    def run(self) -> Run:
        self._phase("building")
        start = self._start(self.training.seed)
        built = perf_counter()
        self._phase("compiling" if self.second_gear else "tracing")
        pair = self._pair()
        traced = pair.trace()
        compiled = perf_counter()
        self._phase("training")
        last_weights = self._train(pair, self.training.seed, start)
        for seed in range(self.training.seed + 1, self.training.seed + self.training.seeds):
            if not self.stopped:
                self._train(pair, seed, self._start(seed))
        return Run(
            experiment=self.experiment,
            styles=side_keys(self.experiment),
            epochs=self.epochs,
            snapshots=self.snapshots,
            predictions=Predictions(truth=self._by_head(pair.truth[pair.predicted]), **self.snapshots[-1].predictions),
            weights={"left": last_weights[0], "right": last_weights[1]},
            timings=Timings(
                build=built - self.began,
                trace=compiled - built,
                train=perf_counter() - compiled,
                step=pair.seconds / pair.steps,
                steps=pair.steps,
                traced=traced,
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

    def prepare(self) -> None:
        start = self._start(self.training.seed)
        pair = self._first_gear(AHEAD)
        pair.trace()
        pair.warm_up(*start)

    def begin(self) -> tuple[Pair, Both]:
        self._phase("building")
        start = self._start(self.training.seed)
        self._phase("tracing")
        pair = self._first_gear(CACHE)
        pair.trace()
        self._phase("training")
        pair.reset(*start, seed=self.training.seed)
        return pair, start

    def weights_after(self, epochs: set[int]) -> Iterator[tuple[int, Both]]:
        seed, (pair, start) = self.training.seed, self.begin()
        limit = loss_limit(pair, self.training.batch)
        if 0 in epochs:
            yield 0, start
        for epoch, current in enumerate(pair.train(np.random.default_rng(seed), self.training.epochs, epochs), 1):
            if stopped := divergence(self.experiment, current.all_losses, limit, seed, epoch):
                raise Diverged(stopped)
            if epoch in epochs:
                yield epoch, current.weights()

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

    def _start(self, seed: int) -> Both:
        """The initial weights of both sides; with the same start, the right side gets those of the left one."""
        first = self._weights(0, seed)
        if self.sides[0].experiment.training.same_start:
            return first, transfer_weights(first, self.architecture, *self.styles)
        return first, self._weights(1, seed)

    def _pair(self) -> Pair | LoopedPair:
        """Both styles with the sequences, in the gear that the experiment decides."""
        if not self.second_gear:
            return self._first_gear(CACHE)
        optimizer, sizes = self.training.optimizer, shape(self.experiment)
        sides = self._cached(CACHE, lambda forward, _: Program(forward, optimizer, sizes), sizes)
        return LoopedPair(self.experiment, *sides, self.context.raise_if_cancelled, self.chunk_seconds)

    def _first_gear(self, cache: LRUCache[Hashable, Any]) -> Pair:
        sides = self._cached(
            cache,
            lambda forward, side: Compiled(forward, side.experiment.training.optimizer, side.method),
        )
        return Pair(self.experiment, *sides, self.context.raise_if_cancelled, self.chunk_seconds)

    def _cached(
        self,
        cache: LRUCache[Hashable, Any],
        make: Callable[[Forward, Side], C],
        *more: Hashable,
    ) -> tuple[C, C]:
        """Both sides: from either cache if they are there, else new ones, which go into `cache`."""
        pair: list[C] = []
        for number, (own, key) in enumerate(zip(self.sides, compiled_styles(self.experiment), strict=True)):
            full_key = (key, *more)
            side: C | None = CACHE.get(full_key)
            if side is None:
                side = AHEAD.pop(full_key, None)
                if side is None:
                    self.context.traced()
                    side = make(Forward.of(self._model(number), self.architecture, own.style), own)
                cache[full_key] = side
            pair.append(side)
        return pair[0], pair[1]

    def _train(self, pair: Pair | LoopedPair, seed: int, start: Both) -> Both:
        """Train one seed. For the first seed, return the last weights before the run diverged, or those at its end.

        For other seeds, return the initial weights, because their trained weights are not kept.
        """
        pair.reset(*start, seed=seed)
        limit = loss_limit(pair, self.training.batch)
        snapshot_epochs: set[int] = set()
        if seed == self.training.seed:
            snapshot_epochs = epochs_kept(self.experiment, pair.truth[pair.predicted].size)

        last_good: TrainedEpoch | None = None
        if snapshot_epochs:
            self._snapshot(0, start, pair.predict())
        for epoch, current in enumerate(
            pair.train(np.random.default_rng(seed), self.training.epochs, snapshot_epochs), 1
        ):
            self.stopped = divergence(self.experiment, current.all_losses, limit, seed, epoch)
            if self.stopped:
                break
            last_good = current
            if epoch in snapshot_epochs:
                assert current.outputs is not None
                self._snapshot(epoch, current.weights(), current.outputs)
            dead = [self._dead(pair, current, side) if epoch == self.training.epochs else None for side in (0, 1)]
            self._record_epoch(seed, epoch, current, dead, shown=epoch in snapshot_epochs)
        last_weights = last_good.weights() if last_good and snapshot_epochs else start
        if snapshot_epochs and self.snapshots[-1].epoch < len(self.epochs):  # the run stopped between two snapshots
            pair.reset(*last_weights, seed=seed)
            self._snapshot(len(self.epochs), last_weights, pair.predict())
        return last_weights

    def _dead(self, pair: Pair | LoopedPair, trained: TrainedEpoch, side: int) -> int | None:
        """The dead units of a side on its training sequences; None without ReLU in its shared layers."""
        architecture = self.sides[side].experiment.architecture
        if not has_relu(architecture):
            return None
        return dead_units(architecture, trained.weights()[side], pair.data[side][0].numpy()[: pair.size])

    def _record_epoch(
        self, seed: int, epoch: int, current: TrainedEpoch, dead: Sequence[int | None], *, shown: bool
    ) -> None:
        """Keep and report the losses of an epoch, and the `dead` units after it.

        Of an epoch that is `shown`, the weights of its snapshot are reported, too.
        """
        losses, validation = current.losses, current.validation

        def of(side: int) -> Losses:
            total, *heads = losses[side].tolist()
            result = Losses(total=total, heads=dict(zip(self.names, heads, strict=True)), dead=dead[side])
            if validation is not None:
                result.val_total, *heads = validation[side].tolist()
                result.val_heads = dict(zip(self.names, heads, strict=True))
            return result

        done = Epoch(seed=seed, epoch=epoch, left=of(0), right=of(1), seconds=perf_counter() - self.began)
        self.epochs.append(done)
        weights = self.live.pack(self.snapshots[-1]) if shown else None
        self.context.report(EpochEvent(data=done, weights=weights))

    def _snapshot(self, epoch: int, weights: Both, outputs: np.ndarray) -> None:
        """Keep the visible weights and the `outputs` (2, sequences, units of all heads)."""
        left, right = (visible_weights(self.architecture, *side) for side in zip(self.styles, weights, strict=True))
        predictions = {side: self._by_head(values) for side, values in zip(SIDES, outputs, strict=True)}
        self.snapshots.append(Snapshot(epoch=epoch, left=left, right=right, predictions=predictions))

    def _by_head(self, values: np.ndarray) -> dict[str, np.ndarray]:
        """The columns of `values` (sequences, units of all heads) by head."""
        ends = np.cumsum([head.units for head in self.architecture.heads])[:-1]
        return dict(zip(self.names, np.split(values, ends, axis=1), strict=True))
