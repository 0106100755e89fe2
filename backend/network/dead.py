"""The dead units of a network: those of the shared Dense layers with ReLU that are 0 for every sequence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from backend.experiment.activations import TRUNK, sigmoid
from backend.experiment.architecture import Architecture


def has_relu(architecture: Architecture) -> bool:
    """Whether a shared Dense layer has ReLU, so that a unit can be dead."""
    return any(layer.activation == "relu" for layer in architecture.dense)


def dead_units(architecture: Architecture, weights: Mapping[str, Sequence[np.ndarray]], x: np.ndarray) -> int:
    """How many units of the shared Dense layers with ReLU are 0 for all sequences `x` (n, timesteps, features).

    `weights` are those of a model by layer name. In every style, the shared layers come first, in their order.
    """
    layers = iter(weights.values())
    for _ in architecture.lstm:
        x = _lstm(x, *next(layers))
    last, dead = x[:, -1], 0
    for layer in architecture.dense:
        kernel, bias = next(layers)
        last = TRUNK[layer.activation](last @ kernel + bias)
        if layer.activation == "relu":
            dead += int((last <= 0).all(axis=0).sum())
    return dead


def _lstm(x: np.ndarray, kernel: np.ndarray, recurrent: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """The output of Keras's LSTM at every timestep, with its gates in the order input, forget, cell, output."""
    state = np.zeros((len(x), recurrent.shape[0]), np.float32)
    cell, outputs = state, []
    for step in range(x.shape[1]):
        gates = np.split(x[:, step] @ kernel + state @ recurrent + bias, 4, axis=1)
        cell = sigmoid(gates[1]) * cell + sigmoid(gates[0]) * np.tanh(gates[2])
        state = sigmoid(gates[3]) * np.tanh(cell)
        outputs.append(state)
    return np.stack(outputs, axis=1)
