"""Evidence for claim 9: the trunk's Dense layers and the outputs multiplied out, without and with activations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from backend.claims.activations import bent, straight_heads
from backend.experiment import Experiment
from backend.layers import layers
from backend.styles import STYLES
from backend.worker.build import build
from backend.worker.runtime import Context

#: Random answers of the LSTM, between −1 and 1 as its own are.
ANSWERS = 64


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """`without` and `with` activations in the trunk, each with three numbers.

    `multiplied`: largest difference between the outputs and one matrix, the product of all kernels, applied to answers
    of the LSTM. `midpoint`: largest difference between the output at the midpoint of two answers and the mean of their
    outputs (nothing for any linear map, whatever its matrix). `largest`: the largest output. Outputs are taken before
    the heads' own activation; biases, zero at first, are set at random so that they count.
    """
    architecture, style = experiment.architecture, STYLES["functional"]
    model = build(style.write(architecture), experiment.training.seed)
    names = [row.name for row in layers(architecture, style) if row.head is None and row.kind != "Input"]
    dense = [model.get_layer(name) for name in names[len(architecture.lstm) :]]
    heads = [model.get_layer(head.name) for head in straight_heads(architecture)]
    rng = np.random.default_rng(0)
    for layer in [*dense, *heads]:
        layer.bias.assign(0.1 * rng.normal(size=layer.bias.shape))
    answers = rng.uniform(-1, 1, (ANSWERS, architecture.lstm[-1])).astype(np.float32)
    context.raise_if_cancelled()
    one = _multiplied(dense, heads)
    return {
        "without": _compare(answers, dense, heads, ["linear"] * len(dense), one),
        "with": _compare(answers, dense, heads, bent(architecture), one),
    }


def _multiplied(dense: Sequence[keras.layers.Dense], heads: Sequence[keras.layers.Dense]) -> list[np.ndarray]:
    """Kernel and bias of the one layer that all these layers are without activations."""
    kernel, bias = dense[0].get_weights()
    for layer in dense[1:]:
        factor, shift = layer.get_weights()
        kernel, bias = kernel @ factor, bias @ factor + shift
    factors, shifts = zip(*(head.get_weights() for head in heads), strict=True)
    factor, shift = np.concatenate(factors, axis=1), np.concatenate(shifts)
    return [kernel @ factor, bias @ factor + shift]


def _compare(
    answers: np.ndarray,
    dense: Sequence[keras.layers.Dense],
    heads: Sequence[keras.layers.Dense],
    activations: Sequence[str],
    one: list[np.ndarray],
) -> dict[str, float]:
    for layer, name in zip(dense, activations, strict=True):
        layer.activation = keras.activations.get(name)
    for head in heads:
        head.activation = keras.activations.linear

    def outputs(values: np.ndarray) -> np.ndarray:
        for layer in dense:
            values = layer(values)
        return np.concatenate([np.asarray(head(values)) for head in heads], axis=1)

    found, (kernel, bias) = outputs(answers), one
    midpoint = outputs((answers[1:] + answers[:-1]) / 2) - (found[1:] + found[:-1]) / 2
    return {
        "multiplied": float(np.abs(found - (answers @ kernel + bias)).max()),
        "midpoint": float(np.abs(midpoint).max()),
        "largest": float(np.abs(found).max()),
    }
