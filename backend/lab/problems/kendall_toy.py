"""Two straight lines with noise of different size: the toy of Kendall, Gal and Cipolla (arXiv 1705.07115).

Their notebook (yaringal/multi-task-learning-example) trains Dense(1024, relu) → 2 × Dense(1) on it. It draws with
NumPy's legacy generator, and so does this module: seed 0 has the notebook's data.
"""

from __future__ import annotations

import numpy as np

#: Slope and intercept of each head's line, and the standard deviation of its noise.
LINES = ((2.0, 8.0, 10.0), (3.0, 3.0, 1.0))
POINTS = 100
BATCH = 20


def kendall_lines(x: np.ndarray) -> np.ndarray:
    """The lines without noise at `x` (n, 1): (n, 2)."""
    return np.concatenate([slope * x + intercept for slope, intercept, _ in LINES], axis=1)


def kendall_toy(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (n, 1), drawn from N(0, 1), and the targets of both heads with noise (n, 2)."""
    draws = np.random.RandomState(seed)
    x = draws.normal(size=(POINTS, 1))
    noise = [scale * draws.normal(size=(POINTS, 1)) for *_, scale in LINES]
    return x, kendall_lines(x) + np.concatenate(noise, axis=1)
