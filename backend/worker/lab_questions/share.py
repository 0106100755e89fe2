"""Measures question 6: each network is compiled once, and trained for all seeds, rates and relatednesses."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from backend.lab.sharing.models import FEATURES, MODELS, TIMESTEPS, sizes
from backend.lab.sharing.problem import VALIDATION, pair_of_tasks
from backend.questions.lab.base import Progress
from backend.questions.lab.share.evidence import BATCH, FIRST_SEED, TUNING_SEEDS, Evidence, Runs, Settings
from backend.questions.lab.share.measurement import Train, tune_and_run
from backend.worker.keras_internals import release_traced_graphs
from backend.worker.lab_questions.share_program import Data, SharedProgram

#: The share of a network's progress that its compilation counts for.
_COMPILING = 0.35


def measure(settings: Settings, progress: Progress) -> Evidence:
    """Tune and train every network. `progress` may raise; it is called before each network and after each training."""

    @cache
    def data_of(relatedness: float, seed: int) -> Data:
        return Data.of(
            pair_of_tasks(settings.samples, VALIDATION, TIMESTEPS, FEATURES, relatedness, settings.noise, seed),
            orders(settings, seed),
        )

    runs, network_sizes = [], sizes(settings.units)
    for position, key in enumerate(settings.keys):

        def share(part: float, position: int = position) -> None:
            progress((position + part) / len(settings.keys))

        share(0.0)
        with release_traced_graphs():
            program = SharedProgram(MODELS[key].source(network_sizes[key]), settings.steps, settings.epochs)
            runs += _runs(settings, key, program, data_of, share)
    progress(1.0)
    return Evidence(settings=settings, runs=tuple(runs))


def orders(settings: Settings, seed: int) -> np.ndarray:
    """The rows of each batch, (epochs, steps, batch)."""
    random = np.random.default_rng(seed)
    size = settings.steps * BATCH
    rows = [random.permutation(settings.samples)[:size] for _ in range(settings.epochs)]
    return np.asarray(rows, np.int32).reshape(settings.epochs, settings.steps, BATCH)


def _runs(
    settings: Settings,
    key: str,
    program: SharedProgram,
    data_of: Callable[[float, int], Data],
    share: Callable[[float], None],
) -> list[Runs]:
    """The runs of one network at every ρ."""
    seeds = range(FIRST_SEED, FIRST_SEED + settings.seeds)
    trainings = len(settings.levels) * (len(settings.rates) * len(TUNING_SEEDS) + len(seeds))
    shares: list[np.ndarray] = []

    def train_at(rho: float) -> Train:
        def train(seed: int, rate: float, epochs: int) -> np.ndarray:
            curve, rows = program.train(data_of(rho, seed), seed, rate, epochs)
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
