"""How strongly the targets of two heads are correlated, measured on the sequences."""

from __future__ import annotations

from itertools import combinations

import numpy as np


def correlations(y: dict[str, np.ndarray]) -> np.ndarray:
    """The correlation of each two heads' targets: (heads, heads), from −1 to 1, with 1 on the diagonal.

    It is Pearson's correlation. Of heads with several units (a class head has its one-hot columns), it is that of the
    two units that are most strongly correlated. A constant target has 0 with every other.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        units = np.nan_to_num(np.corrcoef(np.concatenate(list(y.values()), axis=1, dtype=np.float64), rowvar=False))
    units, ends = np.atleast_2d(units), np.cumsum([0, *(target.shape[1] for target in y.values())])
    table = np.eye(len(y))
    for i, j in combinations(range(len(y)), 2):
        block = units[ends[i] : ends[i + 1], ends[j] : ends[j + 1]]
        table[i, j] = table[j, i] = block.flat[np.abs(block).argmax()]
    return table.clip(-1.0, 1.0)
