"""The selectable activations, by Keras's names."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np

from backend.experiment.losses import Kind


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)), without an overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


def _gelu(x: np.ndarray) -> np.ndarray:
    """Keras's default, by the error function."""
    erf = np.vectorize(math.erf, otypes=[np.float64])
    return np.asarray(0.5 * x * (1 + erf(x / math.sqrt(2))))


#: Those of a Dense layer of the trunk, in the order of the menu, as functions of NumPy.
TRUNK: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": np.asarray,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "gelu": _gelu,
}
#: Those of an output layer, by the kind of its task. The first is the default.
OUTPUT: dict[Kind, tuple[str, ...]] = {
    "regression": ("linear", "tanh", "relu"),
    "binary": ("sigmoid",),
    "multiclass": ("softmax",),
}

if TYPE_CHECKING:
    Activation = str
    HeadActivation = str
else:
    Activation = Literal[tuple(TRUNK)]
    HeadActivation = Literal[tuple(dict.fromkeys(name for names in OUTPUT.values() for name in names))]
