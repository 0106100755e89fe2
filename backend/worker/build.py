"""Executes the Keras source that a visitor sees, and converts weights between the layouts of the styles.

A style's weights are `layer name → [kernel, (recurrent kernel), bias]`. The canonical layout is that of a style with
one output layer per head: a fused output layer is split into its heads' columns, so that all styles have equal entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from backend.experiment.architecture import Architecture
from backend.experiment.styles import Style
from backend.network.parameters import layers
from backend.worker.keras_internals import fresh_names_and_seeds

Weights = dict[str, list[np.ndarray]]


def execute(source: str, seed: int | None = None, **names: Any) -> dict[str, Any]:
    """Execute `source` and return its variables. Keras names layers and draws weights as in a fresh process.

    `seed`, or a `keras.utils.set_random_seed` in the source, decides the initial weights. `names` are variables that
    the source can read. An exception of the source is raised here.
    """
    namespace: dict[str, Any] = {"__name__": "two_heads_source", **names}
    with fresh_names_and_seeds(seed):
        exec(compile(source, "<source>", "exec"), namespace)  # written by this backend from validated values alone
    return namespace


def build(source: str, seed: int | None = None) -> keras.Model:
    """The `model` that `source` defines, with names and initial weights as `execute` gives them."""
    return execute(source, seed)["model"]


def weighted_layers(model: keras.Model) -> list[keras.layers.Layer]:
    """The layers with weights, in order."""
    return [layer for layer in model.layers if layer.weights]


def weights_of(model: keras.Model) -> Weights:
    """The model's weights by layer name."""
    return {layer.name: layer.get_weights() for layer in weighted_layers(model)}


def load(model: keras.Model, weights: Mapping[str, Sequence[np.ndarray]]) -> None:
    """Set the model's weights to those of the same style. Raises KeyError for a missing layer."""
    for layer in weighted_layers(model):
        layer.set_weights(weights[layer.name])


def split_heads(weights: Mapping[str, Sequence[np.ndarray]], architecture: Architecture, style: Style) -> Weights:
    """A style's weights in the canonical layout: the columns of a fused output layer become one layer per head."""
    canonical = {name: list(arrays) for name, arrays in weights.items()}
    if style.outputs == "fused":
        kernel, bias = canonical.pop(layers(architecture, style)[-1].name)
        ends = np.cumsum([head.units for head in architecture.heads])[:-1]
        parts = zip(np.split(kernel, ends, axis=1), np.split(bias, ends), strict=True)
        for head, part in zip(architecture.heads, parts, strict=True):
            canonical[head.name] = list(part)
    return canonical


def join_heads(canonical: Mapping[str, Sequence[np.ndarray]], architecture: Architecture, style: Style) -> Weights:
    """Canonical weights in the layout of `style`: the inverse of `split_heads`."""
    weights = {name: list(arrays) for name, arrays in canonical.items()}
    if style.outputs == "fused":
        kernels, biases = zip(*(weights.pop(head.name) for head in architecture.heads), strict=True)
        weights[layers(architecture, style)[-1].name] = [np.concatenate(kernels, axis=1), np.concatenate(biases)]
    return weights


def transfer_weights(
    weights: Mapping[str, Sequence[np.ndarray]], architecture: Architecture, source: Style, target: Style
) -> Weights:
    """The weights of one style in the form of another, so that both compute the same function.

    The trainer moves arrays that belong to no model and may be of any seed. The source that a visitor sees moves the
    same weights from model to model with Keras alone (`backend.experiment.styles.transfer`); a test compares the two.
    """
    return join_heads(split_heads(weights, architecture, source), architecture, target)
