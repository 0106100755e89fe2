"""How question 5 tunes, trains and tests, and what its script prints. A worker runs all but `report`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from backend.questions.lab.beat.compare import best_rate, delta_m, relative, score
from backend.questions.lab.beat.evidence import Losses
from backend.questions.lab.trainings import Trainer


def losses_after(
    trainer: Trainer, x: np.ndarray, y: Sequence[np.ndarray], size: int, epochs: int, seed: int, rate: float,
    weights: Sequence[float], part: int,
) -> Losses:  # fmt: skip
    """Train on the first `size` sequences. The losses of the heads on the next ones (`part` 1) or on the last (2)."""
    trainer.begin(x[:size], [targets[:size] for targets in y], seed, rate, weights)
    trainer.train(epochs)
    rows = slice(part * size, (part + 1) * size)
    return tuple(trainer.losses(x[rows], [targets[rows] for targets in y]).tolist())


def tune_and_test(
    train: Callable[[int, float, int], Losses], rates: Sequence[float], tuning: Sequence[int], testing: Sequence[int]
) -> tuple[list[list[Losses]], float, list[Losses]]:
    """Tune the rate on seeds of their own, then test with the best one. `train(seed, rate, part)` returns losses."""
    tuned = [[train(seed, rate, 1) for seed in tuning] for rate in rates]
    rate = rates[best_rate(tuned)]
    return tuned, rate, [train(seed, rate, 2) for seed in testing]


def report(
    fixed: Sequence[Losses],
    methods: Mapping[str, Trainer],
    weighted: Trainer,
    train: Callable[..., Callable[[int, float, int], Losses]],
    rates: Sequence[float],
    tuning: Sequence[int],
    testing: Sequence[int],
) -> None:
    """Print what fixed weights and methods reach, and how each method compares with the tuned fixed weights."""

    def entry(title: str, trainer: Trainer, weights: Sequence[float]) -> tuple[float, np.ndarray]:
        tuned, rate, tested = tune_and_test(train(trainer, weights), rates, tuning, testing)
        medians = (f"{loss:.4g}" for loss in np.median(tested, axis=0))
        print(f"{title}: rate {rate:g}, median losses", *medians)
        return min(score(losses) for losses in tuned), np.array(tested)

    ratios = [[round(weight / min(weights), 2) for weight in weights] for weights in fixed]
    entries = [entry(f"fixed {ratio}", weighted, weights) for ratio, weights in zip(ratios, fixed, strict=True)]
    best = int(np.argmin([tuning_score for tuning_score, _ in entries]))
    print(f"tuned fixed weights: {ratios[best]}")
    for title, trainer in methods.items():
        _, tested = entry(title, trainer, ())
        change = np.median(delta_m(relative(tested, entries[best][1])))
        print(f"    median change of the geometric mean of the losses: {100 * change:+.2f} %")
