"""How strongly the targets of two heads are correlated, measured on the sequences."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np

#: The sequences needed for each column of two targets. With fewer, the weighted sums overfit.
SEQUENCES_A_COLUMN = 10

#: Folds of the cross-validation: each fold measures the weighted sums that were fitted to the others.
FOLDS = 4

#: A direction with less than this share of the largest variance is round-off. A class head has one: its columns sum
#: to 1.
_RANK = 1e-10


def sequences_needed(one: int, other: int) -> int:
    """The fewest sequences needed to measure the correlation of two targets with these numbers of units."""
    return SEQUENCES_A_COLUMN * (one + other)


def correlations(y: dict[str, np.ndarray]) -> np.ndarray:
    """The correlation of each two heads' targets: (heads, heads), 1 on the diagonal.

    For two heads of one unit it is Pearson's correlation, −1 to 1. If a head has several units (a class head has its
    one-hot columns), it is the first canonical correlation, 0 to 1: that of the two best weighted sums of the units.
    In turn, the sums are fitted to three of four folds of the sequences and measured on the fourth. Measured on the
    sequences they were fitted to, unrelated targets would correlate too (16 units each and 32 sequences: 1.00). NaN
    with fewer than `SEQUENCES_A_COLUMN` sequences for each column. A constant target has 0 with every other.
    """
    targets = [_standardised(target) for target in y.values()]
    samples = len(targets[0])
    table = np.eye(len(targets))
    canonical: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for i, j in combinations(range(len(targets)), 2):
        units = targets[i].shape[1], targets[j].shape[1]
        if units == (1, 1):
            table[i, j] = table[j, i] = (targets[i] * targets[j]).mean()
        elif samples < sequences_needed(*units):
            table[i, j] = table[j, i] = np.nan
        else:
            canonical[units].append((i, j))
    if canonical:
        folds = _Folds(targets)
        for pairs in canonical.values():
            rows, columns = np.transpose(pairs)
            table[rows, columns] = table[columns, rows] = folds.canonical(pairs)
    return table.clip(-1.0, 1.0)


class _Folds:
    """Covariances of all columns, in each fold of the sequences and in the other folds."""

    def __init__(self, targets: list[np.ndarray]) -> None:
        ends = np.cumsum([target.shape[1] for target in targets])
        self._slices = [slice(end - target.shape[1], end) for target, end in zip(targets, ends, strict=True)]
        every = np.concatenate(targets, axis=1)
        parts = [every[fold::FOLDS] for fold in range(FOLDS)]
        sums, products = [part.sum(axis=0) for part in parts], [part.T @ part for part in parts]
        self._measured = [_covariance(*each) for each in zip(map(len, parts), sums, products, strict=True)]
        self._fitted = [
            _covariance(len(every) - len(part), sum(sums) - own, sum(products) - product)
            for part, own, product in zip(parts, sums, products, strict=True)
        ]
        self._whitenings = [[_whitening(fitted[part, part]) for part in self._slices] for fitted in self._fitted]

    def canonical(self, pairs: list[tuple[int, int]]) -> np.ndarray:
        """The first canonical correlation of each pair. All pairs must have the same numbers of units."""
        common, one, other = (np.zeros(len(pairs)) for _ in range(3))
        for fitted, measured, whiten in zip(self._fitted, self._measured, self._whitenings, strict=True):
            left, right = (np.stack([whiten[pair[side]] for pair in pairs]) for side in (0, 1))
            between = left.transpose(0, 2, 1) @ self._blocks(fitted, pairs, 0, 1) @ right
            u, _, v = np.linalg.svd(between, full_matrices=False)
            here, there = left @ u[:, :, :1], right @ v.transpose(0, 2, 1)[:, :, :1]
            common += _quadratic(here, self._blocks(measured, pairs, 0, 1), there)
            one += _quadratic(here, self._blocks(measured, pairs, 0, 0), here)
            other += _quadratic(there, self._blocks(measured, pairs, 1, 1), there)
        size = np.sqrt(one * other)
        return np.maximum(np.divide(common, size, out=np.zeros_like(size), where=size > 0), 0.0)

    def _blocks(self, matrix: np.ndarray, pairs: list[tuple[int, int]], row: int, column: int) -> np.ndarray:
        return np.stack([matrix[self._slices[pair[row]], self._slices[pair[column]]] for pair in pairs])


def _standardised(target: np.ndarray) -> np.ndarray:
    """Columns with mean 0 and variance 1; a constant one is 0."""
    centred = target - target.mean(axis=0, dtype=np.float64)
    spread = centred.std(axis=0)
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0))


def _covariance(samples: int, sums: np.ndarray, products: np.ndarray) -> np.ndarray:
    return np.asarray(products - np.outer(sums, sums) / samples)


def _whitening(covariance: np.ndarray) -> np.ndarray:
    """Weights whose sums are uncorrelated and have equal variance; zeros for directions beyond the rank."""
    sizes, directions = np.linalg.eigh(covariance)
    real = sizes > _RANK * max(sizes[-1], 1e-300)
    return np.asarray(directions * np.where(real, 1 / np.sqrt(np.where(real, sizes, 1.0)), 0.0))


def _quadratic(left: np.ndarray, matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.asarray((left.transpose(0, 2, 1) @ matrix @ right)[:, 0, 0])
