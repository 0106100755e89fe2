"""How strongly the targets of two heads are correlated, measured on the sequences."""

from __future__ import annotations

from itertools import combinations

import numpy as np


def correlations(y: dict[str, np.ndarray]) -> np.ndarray:
    """The correlation of each two heads' targets: (heads, heads), from −1 to 1, with 1 on the diagonal.

    It is Pearson's correlation. Of heads with several units (a class head has its one-hot columns), it is that of the
    two units that are most strongly correlated. A constant target has 0 with every other.
    """
    targets = [_standardised(target) for target in y.values()]
    table = np.eye(len(targets))
    for i, j in combinations(range(len(targets)), 2):
        units = targets[i].T @ targets[j] / len(targets[i])
        table[i, j] = table[j, i] = units.flat[np.abs(units).argmax()]
    return table.clip(-1.0, 1.0)


def _standardised(target: np.ndarray) -> np.ndarray:
    """Columns with mean 0 and variance 1; a constant one is 0."""
    centred = target - target.mean(axis=0, dtype=np.float64)
    spread = centred.std(axis=0)
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0))
