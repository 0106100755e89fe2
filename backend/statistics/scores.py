"""How good predictions are: (n, units) arrays of predictions and of the truth, one number each."""

from __future__ import annotations

import numpy as np


def r2(predicted: np.ndarray, truth: np.ndarray) -> float:
    """R², the share of the truth's variance that the predictions explain: 1 is perfect, 0 no better than the mean.

    NaN if the truth does not vary, because there is nothing to explain then.
    """
    spread = float(((truth - truth.mean(axis=0)) ** 2).sum())
    return 1 - float(((predicted - truth) ** 2).sum()) / spread if spread else float("nan")


def binary_accuracy(predicted: np.ndarray, truth: np.ndarray) -> float:
    """The share of right answers to questions of yes or no: a prediction above 0.5 is a yes."""
    return float(((predicted > 0.5) == (truth > 0.5)).mean())


def categorical_accuracy(predicted: np.ndarray, truth: np.ndarray) -> float:
    """The share of sequences whose largest prediction is that of the right class; `truth` is one-hot."""
    return float((predicted.argmax(axis=1) == truth.argmax(axis=1)).mean())
