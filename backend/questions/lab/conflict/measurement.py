"""How question 2 trains and measures, and what its script prints. A worker also runs `train_and_measure`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from backend.questions.lab.trainings import Trainer

Result = TypeVar("Result")


def train_and_measure(
    trainer: Trainer, gradients: Callable[[int, np.ndarray], Result], x: np.ndarray, y: Sequence[np.ndarray],
    epochs: Sequence[int], seed: int, rate: float,
) -> Iterator[Result]:  # fmt: skip
    """Train with this seed. Yields what `gradients` measures after each of the epochs, on batches in a new order."""
    trainer.begin(x, y, seed, rate)
    done = 0
    for epoch in epochs:
        trainer.train(epoch - done)
        done = epoch
        yield gradients(epoch, np.random.default_rng([seed, epoch]).permutation(len(x)))


def conflicts(batches: np.ndarray, whole: np.ndarray, pairs: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """For each pair: the share of the batches in which it conflicts, and the cosine on all sequences.

    `batches` are the products of the gradients in each batch (n, heads, heads), and `whole` those on all sequences
    (heads, heads). A share or cosine that is not defined is NaN.
    """
    rates_and_cosines = []
    for i, j in pairs:
        products = [g[i, j] for g in batches if np.isfinite(g).all() and g[i, i] > 0 and g[j, j] > 0]
        length = np.sqrt(whole[i, i] * whole[j, j])
        rate = float(np.mean(np.less(products, 0))) if products else np.nan
        rates_and_cosines.append((rate, float(whole[i, j] / length) if length > 0 else np.nan))
    return rates_and_cosines


def measure_seed(
    trainer: Trainer, gramian: Callable[..., np.ndarray], x: np.ndarray, y: Sequence[np.ndarray], epochs: Sequence[int],
    seed: int, rate: float, batch: int, pairs: Sequence[tuple[int, int]],
) -> np.ndarray:  # fmt: skip
    """The mean conflict rate and cosine of each pair over the epochs after the start, (pairs, 2)."""

    def gradients(epoch: int, order: np.ndarray) -> list[tuple[float, float]]:
        parts = [order[start : start + batch] for start in range(0, len(order), batch)]
        batches = np.array([gramian(x[rows], [targets[rows] for targets in y]) for rows in parts])
        return conflicts(batches, gramian(x, y), pairs)

    _, *after = train_and_measure(trainer, gradients, x, y, epochs, seed, rate)
    return np.asarray(np.nanmean(after, axis=0))
