"""Windows of a recording or of a visitor's own table. Exported scripts contain these functions, so they use only NumPy.

A window is some rows one after another; its targets are about the row that comes `horizon` rows after its last one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np


def read_csv(path: str, words: Sequence[tuple[int, Sequence[str]]] = (), times: int = 0) -> np.ndarray:
    """The CSV file as float64 (lines, columns), without its first line, which has the names.

    The first columns, as many as `times`, are left out. A word becomes its position in the `words` of its column, and
    a gap becomes NaN.
    """
    cells = np.loadtxt(
        path, str, delimiter=",", skiprows=1, ndmin=2, encoding="utf-8", quotechar='"', comments=None
    )[:, times:]  # fmt: skip
    for column, known in words:
        for position, word in enumerate(known):
            cells[cells[:, column] == word, column] = position
    return cells.astype(float)


def split_windows(whole: np.ndarray, timesteps: int, parts: Sequence[int]) -> tuple[slice, np.ndarray]:
    """The rows of the first part, and the row that each window predicts, as positions. `parts` are numbers of windows.

    `whole` says for each row whether it has no gap. The windows are the last ones that touch no gap, in the order of
    time. Each predicts the row after its `timesteps`. No part has a row of the part before, neither as an input nor as
    a target.
    """
    enough = np.convolve(whole, np.ones(timesteps + 1, int), "valid") == timesteps + 1
    left = np.flatnonzero(enough) + timesteps
    predicted: list[np.ndarray] = []
    for size in reversed([size for size in parts if size]):
        predicted.insert(0, left[-size:])
        left = left[left < predicted[0][0] - timesteps]
    return slice(predicted[0][0] - timesteps, predicted[0][-1] + 1), np.concatenate(predicted)


def number_target(factors: dict[str, np.ndarray], column: int, units: int) -> np.ndarray:
    """The number of the column in the predicted row, in standard deviations: (n, 1)."""
    return factors["then"][:, column : column + 1]


def yes_target(factors: dict[str, np.ndarray], column: int, units: int) -> np.ndarray:
    """1 where the column has the larger of its two numbers in the predicted row, else 0: (n, 1)."""
    return factors["rank"][:, column : column + 1]


def class_target(factors: dict[str, np.ndarray], column: int, units: int) -> np.ndarray:
    """One-hot class of the column in the predicted row: (n, units). The smallest number is class 0."""
    return np.asarray(np.eye(units)[factors["rank"][:, column]])


def standardised(rows: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The `rows` minus the mean of those `known`, divided by their standard deviation, by column; clipped to ±10⁶.

    A constant column is not divided.
    """
    mean, spread = known.mean(axis=0), known.std(axis=0)
    spread = np.where(spread > 1e-12 * abs(mean), spread, 1.0)  # a constant column has a tiny spread by round-off
    with np.errstate(over="ignore"):
        return np.asarray(np.clip((rows - mean) / spread, -1e6, 1e6))  # so that every loss is finite


def draw_windows(
    rows: np.ndarray,
    tasks: Sequence[tuple[Callable[..., np.ndarray], int, int, float]],
    parts: Sequence[int],
    timesteps: int,
    horizon: int,
    columns: Sequence[int],
    labels: Sequence[int] = (),
) -> tuple[np.ndarray, dict[str, np.ndarray], list[np.ndarray]]:
    """Windows (n, timesteps, features), the factors that their targets are made of, and the targets of each head.

    A gap in the `rows` is NaN, and no window touches one. Each column except the `labels` is standardised by the rows
    of the first part that have no gap. The features are these `columns`. The factors are the last row of each
    window, the predicted row, and the rank of each of its numbers among the different numbers of its column. A task is
    (target, column, units, scale); the scale multiplies its numbers.
    """
    whole = np.isfinite(rows).all(axis=1)
    known, predicted = split_windows(whole, timesteps + horizon - 1, parts)
    standard = standardised(rows, rows[known][whole[known]])
    standard[:, list(labels)] = rows[:, list(labels)]
    last = predicted - horizon
    x = standard[last[:, None] + np.arange(1 - timesteps, 1)][:, :, list(columns)].astype(np.float32)
    ranks = [np.unique(column, return_inverse=True)[1].ravel() for column in rows.T]
    factors = {"now": standard[last], "then": standard[predicted], "rank": np.stack(ranks, axis=1)[predicted]}
    y = [np.asarray(scale * target(factors, column, units), np.float32) for target, column, units, scale in tasks]
    return x, factors, y
