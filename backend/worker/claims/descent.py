"""Training in double precision, step by step, so that a difference between two models is not round-off.

Loss and gradient of a style are one traced function of one flat vector of weights. The update by Keras's optimizer is
a function of its own, so another optimizer, learning rate, loss weight or reduction does not trace the model again.
Call everything here within `common.float64()`, for architectures whose heads could be one fused layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import STYLES
from backend.experiment.training import Training
from backend.jobs.runtime import Context
from backend.worker.build import Weights, build, transfer_weights, weighted_layers, weights_of
from backend.worker.claims.common import sample
from backend.worker.trainer.forward import keras_loss

#: At most this many sequences in a training, and in a batch.
SEQUENCES, BATCH = 256, 32

#: The fewest steps and sequences, for the largest models.
_FEWEST_STEPS, _FEWEST_SEQUENCES = 5, 32

#: Multiply-adds that one sequence may cost in all steps of a training, and what one LSTM timestep costs in addition.
_BUDGET, _PER_TIMESTEP = 1e8, 2e4


class LossSetup(NamedTuple):
    """A style with its loss weights and reduction. A fused output has one loss and no loss weights."""

    style: str
    weights: tuple[float, ...] = ()
    reduction: str = "mean"


class Point(NamedTuple):
    """A style at given weights: its loss, the flat gradient, and the outputs of all heads side by side."""

    loss: tf.Tensor
    gradient: tf.Tensor
    outputs: tf.Tensor


class Descent:
    """One style of an architecture: its loss and gradient as a function of its weights."""

    def __init__(self, architecture: Architecture, style: str) -> None:
        self._fused = STYLES[style].one_output(architecture)
        self._model = build(STYLES[style].write(architecture))
        self.shapes = [tuple(variable.shape) for variable in self._model.trainable_variables]
        self.sizes = [int(np.prod(shape)) for shape in self.shapes]
        self._units = [head.units for head in architecture.heads]
        heads = architecture.heads[:1] if self._fused else architecture.heads
        self._losses = {how: [keras_loss(head.loss, reduction=how) for head in heads] for how in ("mean", "sum")}
        self._traced = self._trace(architecture)

    def flatten(self, weights: Weights) -> np.ndarray:
        """The style's weights as one vector."""
        arrays = [array for layer in weighted_layers(self._model) for array in weights[layer.name]]
        return np.concatenate([np.ravel(array) for array in arrays])

    def trunk(self) -> dict[str, slice]:
        """The positions of the shared layers' variables in the vector, by name (`lstm kernel`); they come first."""
        layers = weighted_layers(self._model)[: -1 if self._fused else -len(self._units)]
        names = [f"{layer.name} {v.name.replace('_', ' ')}" for layer in layers for v in layer.trainable_variables]
        ends = np.cumsum(self.sizes).tolist()
        return {name: slice(start, end) for name, start, end in zip(names, [0, *ends], ends, strict=False)}

    def at(self, flat: Any, x: tf.Tensor, y: tf.Tensor, setup: LossSetup) -> Point:
        """Loss, gradient and outputs at the weights `flat`."""
        weights = tf.constant((1.0,) if self._fused else setup.weights, tf.float64)
        return Point(*self._traced(tf.convert_to_tensor(flat), x, y, weights, tf.constant(setup.reduction == "sum")))

    def _trace(self, architecture: Architecture) -> Any:
        signature = [
            tf.TensorSpec((sum(self.sizes),), tf.float64),
            tf.TensorSpec((None, architecture.timesteps, architecture.features), tf.float64),
            tf.TensorSpec((None, sum(self._units)), tf.float64),
            tf.TensorSpec((len(self._losses["mean"]),), tf.float64),
            tf.TensorSpec((), tf.bool),
        ]
        return tf.function(self._graph, autograph=False).get_concrete_function(*signature)

    def _graph(
        self, flat: tf.Tensor, x: tf.Tensor, y: tf.Tensor, weights: tf.Tensor, summed: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        parts = [tf.reshape(part, shape) for part, shape in zip(tf.split(flat, self.sizes), self.shapes, strict=True)]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(parts)
            with keras.StatelessScope(zip(self._model.trainable_variables, parts, strict=True)):
                outputs = self._model(x, training=True)
            outputs = [outputs] if self._fused else outputs
            truths = [y] if self._fused else tf.split(y, self._units, axis=1)
            loss = tf.where(summed, *(self._total(how, truths, outputs, weights) for how in ("sum", "mean")))
        gradients = tape.gradient(loss, parts)
        return loss, tf.concat([tf.reshape(gradient, [-1]) for gradient in gradients], 0), tf.concat(outputs, 1)

    def _total(self, how: str, truths: list[tf.Tensor], outputs: list[tf.Tensor], weights: tf.Tensor) -> tf.Tensor:
        losses = [loss(y, output) for loss, y, output in zip(self._losses[how], truths, outputs, strict=True)]
        return tf.reduce_sum(weights * tf.stack(losses))


class Start(NamedTuple):
    """What a seed determines: the initial weights (in Sequential's form) and the order of the batches."""

    weights: Weights
    batches: list[tuple[tf.Tensor, tf.Tensor]]


@dataclass(frozen=True)
class Comparison:
    """The sequences that all trainings of an experiment share, and the start of each seed."""

    architecture: Architecture
    steps: int
    x: tf.Tensor
    y: tf.Tensor
    starts: list[Start]
    context: Context

    def descent(self, style: str) -> Descent:
        """The loss and gradient of a style, traced once for an architecture."""
        self.context.raise_if_cancelled()
        before = _cached_descent.cache_info().misses
        descent = _cached_descent(self.architecture, style)
        self.context.traced(_cached_descent.cache_info().misses - before)
        return descent

    def at_start(self, setup: LossSetup, seed: int = 0) -> Point:
        """Loss, gradient and outputs at the initial weights of a seed, on all sequences at once."""
        return self.descent(setup.style).at(self._flat(setup, seed), self.x, self.y, setup)

    def train(self, setups: Sequence[LossSetup], optimizer: str, per_variable: bool = False) -> list[list[Point]]:
        """By seed: the point of each setup on all sequences, after all steps with `optimizer` (Keras source).

        One optimizer updates all setups and seeds as one variable, which suits a rule that treats each number
        separately. With `per_variable` it sees the models' own variables, for rules that treat a variable as a whole.
        Raises `Cancelled`.
        """
        descents = [self.descent(setup.style) for setup in setups]
        flats = [self._flat(setup, seed) for seed in range(len(self.starts)) for setup in setups]
        ends = [len(flat) for flat in flats]
        flat = np.concatenate(flats)
        own = [shape for _ in self.starts for descent in descents for shape in descent.shapes]
        shapes = own if per_variable else [flat.shape]
        sizes = [int(np.prod(shape)) for shape in shapes]
        parts = np.split(flat, np.cumsum(sizes)[:-1])
        variables = [keras.Variable(part.reshape(shape)) for part, shape in zip(parts, shapes, strict=True)]
        rule = eval(optimizer, {"keras": keras})  # text of backend.experiment.optimizers and of the claims alone
        rule.build(variables)

        def update(gradient: tf.Tensor) -> Any:
            gradients = zip(tf.split(gradient, sizes), shapes, strict=True)
            rule.apply([tf.reshape(part, shape) for part, shape in gradients], variables)
            return tf.split(tf.concat([tf.reshape(variable.value, [-1]) for variable in variables], 0), ends)

        traced_update = tf.function(update, autograph=False)
        weights = tf.split(tf.constant(flat), ends)
        for step in range(self.steps):
            self.context.raise_if_cancelled()
            batches = [start.batches[step % len(start.batches)] for start in self.starts for _ in setups]
            points = [
                descent.at(own, x, y, setup)
                for descent, setup, (x, y), own in zip(
                    descents * len(self.starts), list(setups) * len(self.starts), batches, weights, strict=True
                )
            ]
            weights = traced_update(tf.concat([point.gradient for point in points], 0))
        ended = iter(weights)
        return [
            [descent.at(next(ended), self.x, self.y, setup) for descent, setup in zip(descents, setups, strict=True)]
            for _ in self.starts
        ]

    def _flat(self, setup: LossSetup, seed: int) -> np.ndarray:
        """A seed's initial weights in the form of a style, as one vector."""
        styles = STYLES["sequential"], STYLES[setup.style]
        return self.descent(setup.style).flatten(
            transfer_weights(self.starts[seed].weights, self.architecture, *styles)
        )


def prepare_comparison(experiment: Experiment, steps: int, context: Context, seeds: int = 1) -> Comparison:
    """The visitor's first sequences, at most `steps` steps on them in batches, and `seeds` seeded starts in float64.

    Seed i is the visitor's seed plus i, as on Train. A large model gets fewer steps and fewer sequences, so that the
    visitor does not wait too long.
    """
    architecture = experiment.architecture
    affordable = _BUDGET / _work(architecture)
    drawn, targets = sample(experiment, int(np.clip(4 * affordable, _FEWEST_SEQUENCES, SEQUENCES)))
    x = tf.constant(drawn, tf.float64)
    y = tf.constant(np.concatenate([targets[head.name] for head in architecture.heads], axis=1), tf.float64)
    size = min(BATCH, len(drawn) // 4)

    def start(seed: int) -> Start:
        order = np.random.default_rng(seed).permutation(len(drawn))
        rows = order[: len(order) // size * size].reshape(-1, size)
        return Start(
            weights=weights_of(build(STYLES["sequential"].write(architecture), seed)),
            batches=[(tf.gather(x, row), tf.gather(y, row)) for row in rows],
        )

    return Comparison(
        architecture=architecture,
        steps=int(np.clip(affordable, _FEWEST_STEPS, steps)),
        x=x,
        y=y,
        starts=[start(experiment.training.seed + i) for i in range(seeds)],
        context=context,
    )


def mean_weights(architecture: Architecture) -> tuple[float, ...]:
    """The loss weights uᵢ/Σu, which turn the sum of the head losses into the mean over all units."""
    return Training(combine="mean").loss_weights(architecture)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference; infinite if either array holds NaN or an infinite number."""
    largest = float(np.abs(one - other).max())
    return largest if np.isfinite(largest) else float("inf")


def variation(before: np.ndarray, after: np.ndarray, ends: Any) -> np.ndarray:
    """By head: how much the outputs vary over the sequences `after` training, as a multiple of `before`.

    Measured by the standard deviation of the column that varies most. 0 if the outputs are the same for every sequence,
    as when all ReLUs of a layer died; very large if they varied only after training. `ends` are the columns at which
    the heads end, without the last.
    """
    first, last = (
        np.array([columns.std(axis=0).max() for columns in np.split(outputs, ends, axis=1)])
        for outputs in (before, after)
    )
    return np.where(last > 0, last / np.where(first > 0, first, 1e-300), 0.0)


@lru_cache(maxsize=3)  # the three styles of one architecture, shared by claims 5 and 6
def _cached_descent(architecture: Architecture, style: str) -> Descent:
    return Descent(architecture, style)


def _work(architecture: Architecture) -> float:
    """Multiply-adds of the LSTM layers for one sequence, with the fixed cost of each timestep."""
    work, width = 0.0, architecture.features
    for units in architecture.lstm:
        work += architecture.timesteps * (4 * units * (width + units) + _PER_TIMESTEP)
        width = units
    return work
