"""How well `DurationEstimator` predicts the time of a run: varied runs, each with a new architecture."""

from __future__ import annotations

import random
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import numpy as np

from backend.experiment import Experiment
from backend.jobs.runtime import Context
from backend.training.duration import DurationEstimator
from backend.training.job import TrainJob

RUNS = 20
#: How many runs the estimator learns from before any is counted, as on a server that has been used.
LEARNED = 5
#: Seconds that a run is expected to take at most.
LONGEST = 12


def measure() -> Iterator[tuple[str, float]]:
    """Quantiles of expected ÷ measured seconds, compiling included, and the share of runs within 30 %."""
    from backend.worker.preload import warm_up
    from backend.worker.train import CACHE, train

    warm_up()
    chance, estimator = random.Random(3), DurationEstimator()
    ratios: list[float] = []
    while len(ratios) < LEARNED + RUNS:
        experiment = varied(chance)
        expected = estimator.seconds(experiment)
        if expected > LONGEST:
            continue
        CACHE.clear()
        begun = perf_counter()
        run = train(TrainJob(experiment=experiment), Context())
        ratios.append(expected / (perf_counter() - begun))
        estimator.learn(experiment, run.timings)
    counted = np.array(ratios[LEARNED:])
    low, middle, high = np.quantile(counted, [0.1, 0.5, 0.9])
    within = float(np.mean(np.maximum(counted, 1 / counted) <= 1.3))
    yield "expected_p10", low
    yield "expected_median", middle
    yield "expected_p90", high
    yield "expected_within_30_percent", within


def varied(chance: random.Random) -> Experiment:
    """One experiment of a grid over what decides how long a run takes."""
    heads = [{"name": f"head_{i}", "task": "level"} for i in range(chance.choice([1, 2, 2, 4, 8, 16]))]
    settings: dict[str, Any] = {
        "architecture": {
            "timesteps": chance.choice([4, 10, 10, 16, 32, 48]),
            "lstm": chance.choice([[8], [32], [32], [64], [16, 16], [64, 32], [128]]),
            "heads": heads,
        },
        "sequences": {"samples": chance.choice([256, 1024, 1280, 2048, 4096])},
        "training": {
            "batch": chance.choice([8, 16, 32, 32, 64, 128]),
            "epochs": chance.choice([3, 5, 10, 20, 40]),
            "seeds": chance.choice([1, 1, 1, 2, 3]),
            "validation": chance.choice([0, 0.2, 0.2, 0.4]),
        },
    }
    return Experiment.model_validate(settings)


if __name__ == "__main__":
    for name, value in measure():
        print(f"{name:30} {value:.2f}")
