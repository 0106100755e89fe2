"""Measures question 6: each network is compiled once, and trained for all seeds, rates and relatednesses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import keras
import numpy as np
import tensorflow as tf

from backend.lab.sharing.models import FEATURES, MODELS, TIMESTEPS, sizes
from backend.lab.sharing.problem import VALIDATION, pair_of_tasks
from backend.questions.lab.base import Progress
from backend.questions.lab.share.evidence import BATCH, FIRST_SEED, TUNING_SEEDS, Evidence, Runs, Settings
from backend.questions.lab.share.measurement import Train, tune_and_run
from backend.worker.build import Weights, build, weights_of
from backend.worker.keras_internals import release_traced_graphs
from backend.worker.trainer.forward import Forward
from backend.worker.trainer.program import Program, Shape

#: The share of a network's progress that its compilation counts for.
_COMPILING = 0.35
_HEADS = ("a", "b")


def measure(settings: Settings, progress: Progress) -> Evidence:
    """Tune and train every network. `progress` may raise; it is called before each network and after each training."""

    @cache
    def data_of(relatedness: float, seed: int) -> list[tf.Tensor]:
        return _data(settings, relatedness, seed)

    runs, network_sizes = [], sizes(settings.units)
    for position, key in enumerate(settings.keys):

        def share(part: float, position: int = position) -> None:
            progress((position + part) / len(settings.keys))

        share(0.0)
        with release_traced_graphs():
            network = _Network(MODELS[key].source(network_sizes[key]), settings)
            runs += _runs(settings, key, network, data_of, share)
    progress(1.0)
    return Evidence(settings=settings, runs=tuple(runs))


def _data(settings: Settings, relatedness: float, seed: int) -> list[tf.Tensor]:
    """x, y and the loss weights, as `Program.run` takes them, and the orders of the epochs."""
    drawn = pair_of_tasks(settings.samples, VALIDATION, TIMESTEPS, FEATURES, relatedness, settings.noise, seed)
    x, y, x_validation, y_validation = drawn
    targets = [np.concatenate([part[head] for part in (y, y_validation)]) for head in _HEADS]
    random = np.random.default_rng(seed)
    orders = np.array([random.permutation(settings.samples) for _ in range(settings.epochs)], np.int32)
    every = np.concatenate([x, x_validation]), np.concatenate(targets, axis=1), np.ones(2, "float32"), orders
    return [tf.constant(each) for each in every]


class _Network:
    """A network as an XLA program, which its first training compiles."""

    def __init__(self, source: str, settings: Settings) -> None:
        model = build(source, 0)
        self._gates = [layer.name for layer in model.layers if layer.name.startswith("gate_")]
        self._stitches = [layer.name for layer in model.layers if layer.name.startswith("stitch_")]
        gates = {name: model.get_layer(name).output for name in self._gates}
        forward = Forward(
            keras.Model(model.input, {**model.output, **gates}), (TIMESTEPS, FEATURES), (1, 1), ("mse", "mse"),
            names=[*_HEADS, *sorted(gates)],
        )  # fmt: skip
        shape = Shape(settings.samples, VALIDATION, BATCH, settings.epochs, predicted=VALIDATION, whole=True)
        self._program = Program(forward, "adam", shape)
        self._start = cache(lambda seed: weights_of(build(source, seed)))

    def train(self, data: Sequence[tf.Tensor], seed: int, rate: float, epochs: int) -> tuple[np.ndarray, np.ndarray]:
        """The validation losses of both heads after each epoch, (epochs, 2), and each head's shares.

        The shares are (2, parts): mean gates, or the rows of the α matrices one after the other; empty without either.
        """
        program = self._program
        with ThreadPoolExecutor(1) as executor:
            if compiling := program.trace(executor):
                compiling.result()
        *inputs, orders = data
        state, sums = program.start(self._start(seed), rate), tf.zeros(3, tf.float64)
        state, _, losses, outputs = program.run(state, sums, inputs, orders, 0, epochs * program.shape.steps)
        return losses[:epochs, 1, 1:], self._shares(program.weights(state), outputs[:, len(_HEADS) :])

    def _shares(self, weights: Weights, gates: np.ndarray) -> np.ndarray:
        if self._stitches:
            return np.concatenate([weights[name][0] for name in self._stitches], axis=1)
        shares: np.ndarray = gates.mean(axis=0).reshape(len(_HEADS), -1)
        return shares


def _runs(
    settings: Settings,
    key: str,
    network: _Network,
    data_of: Callable[[float, int], list[tf.Tensor]],
    share: Callable[[float], None],
) -> list[Runs]:
    """The runs of one network at every ρ."""
    seeds = range(FIRST_SEED, FIRST_SEED + settings.seeds)
    trainings = len(settings.levels) * (len(settings.rates) * len(TUNING_SEEDS) + len(seeds))
    shares: list[np.ndarray] = []

    def train_at(rho: float) -> Train:
        def train(seed: int, rate: float, epochs: int) -> np.ndarray:
            curve, rows = network.train(data_of(rho, seed), seed, rate, epochs)
            shares.append(rows)
            share(_COMPILING + (1 - _COMPILING) * len(shares) / trainings)
            return curve

        return train

    runs = []
    for rho in settings.levels:
        rate, epochs, losses = tune_and_run(train_at(rho), settings.rates, settings.epochs, TUNING_SEEDS, seeds)
        rows = [_shares(each) for each in shares[-len(seeds) :] if each.size]
        runs.append(
            Runs.model_validate(
                {
                    "key": key, "relatedness": rho, "rate": rate, "epochs": epochs, "shares": rows,
                    "losses": [(_number(a), _number(b)) for a, b in losses],
                }
            )
        )  # fmt: skip
    return runs


def _shares(rows: np.ndarray) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(round(float(each), 3) for each in row) for row in rows)


def _number(loss: float) -> float:
    return float(f"{loss:.5g}")
