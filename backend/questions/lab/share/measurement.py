"""How question 6 tunes, and what its script prints. A worker runs `tune_and_run`, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from backend.lab.sharing.problem import Arrays
from backend.questions.lab.trainings import Trainer

Train = Callable[[int, float, int], np.ndarray]


def best_rate_and_epochs(curves: Mapping[float, np.ndarray]) -> tuple[float, int]:
    """The rate and the number of epochs with the least finite loss; the first rate and one epoch if there is none."""
    least = {rate: np.where(np.isfinite(curve), curve, np.inf) for rate, curve in curves.items()}
    rate = min(least, key=lambda each: float(least[each].min()))
    return rate, int(least[rate].argmin()) + 1


def tune_and_run(
    train: Train, rates: Iterable[float], epochs: int, tuning: Iterable[int], seeds: Iterable[int]
) -> tuple[float, int, list[np.ndarray]]:
    """Tune the rate and the number of epochs on the seeds `tuning`, then train with both on `seeds`.

    Returns the rate, the number of epochs, and for each seed the losses of both heads. `train(seed, rate, epochs)`
    returns the validation losses of both heads after each epoch, (epochs, 2).
    """
    curves = {rate: np.mean([train(seed, rate, epochs) for seed in tuning], axis=(0, 2)) for rate in sorted(rates)}
    rate, count = best_rate_and_epochs(curves)
    return rate, count, [train(seed, rate, count)[count - 1] for seed in seeds]


def validation_losses(trainer: Trainer, drawn: Arrays, seed: int, rate: float, epochs: int) -> np.ndarray:
    """Train with this seed. The validation losses of both heads after each epoch, (epochs, 2)."""
    x, y, x_validation, y_validation = drawn
    trainer.begin(x, [y["a"], y["b"]], seed, rate)
    losses = []
    for _ in range(epochs):
        trainer.train(1)
        losses.append(trainer.losses(x_validation, [y_validation["a"], y_validation["b"]]))
    return np.array(losses)


def report(
    networks: Mapping[str, int], train: Callable[[str, float], Train], levels: Sequence[float], rates: Sequence[float],
    epochs: int, tuning: Sequence[int], seeds: Sequence[int],
) -> None:  # fmt: skip
    """Print what is tuned, the mean losses, and the median change against the separate networks, which come first.

    `networks` has the number of parameters of each by its name. `train(name, relatedness)` trains one of them.
    """
    for relatedness in levels:
        print("relatedness", relatedness)
        separate = None
        for name, count in networks.items():
            rate, best, runs = tune_and_run(train(name, relatedness), rates, epochs, tuning, seeds)
            losses = np.array(runs)
            separate = losses if separate is None else separate
            change = np.median(np.mean((losses - separate) / separate, axis=1))
            a, b = losses.mean(axis=0)
            result = f"rate {rate}, {best} epochs, losses {a:.4f} {b:.4f}, change {change:+.4f}"
            print(f"  {name}: {count} parameters, {result}")
