"""Evidence for claim 2: which outputs move when one neuron of the last shared layer does."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from backend.architecture import Architecture
from backend.experiment import Experiment
from backend.layers import layers
from backend.styles import STYLES, Style
from backend.worker.build import build, heads_of
from backend.worker.runtime import Context

BATCH = 32
#: Weights are drawn again, at most so often, while a pair has not moved: a ReLU may be shut for a whole batch.
MAX_DRAWS = 64
#: A smaller move, as a share of the head's largest output, could be round-off.
MOVED = 1e-6


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """`neurons` of the last shared layer; `styles`: style key → head → pairs (neuron, output neuron) that moved."""
    architecture = experiment.architecture
    reached = {}
    for key, style in STYLES.items():
        if not style.refusal(architecture):
            model = build(style.write(architecture), experiment.training.seed)
            pairs = moved(model, architecture, style, context)
            reached[key] = {name: int(of_head.sum()) for name, of_head in pairs.items()}
    return {"neurons": architecture.trunk_units, "styles": reached}


def moved(model: keras.Model, architecture: Architecture, style: Style, context: Context) -> dict[str, np.ndarray]:
    """By head, (neurons, units): whether an output differs between a and a + eᵢ as the last shared layer's answer."""
    names = [row.name for row in layers(architecture, style)][len(architecture.lstm) + len(architecture.dense) :]
    shared, *behind = (model.get_layer(name) for name in names)
    rng = np.random.default_rng(0)
    found = {head.name: np.zeros((architecture.trunk_units, head.units), bool) for head in architecture.heads}
    for _ in range(MAX_DRAWS):
        context.raise_if_cancelled()
        for name, pairs in _moved_once(model, shared, architecture, style, rng).items():
            found[name] |= pairs
        if all(pairs.all() for pairs in found.values()):
            break
        for layer in behind:
            kernel, bias = layer.get_weights()
            layer.set_weights([rng.normal(0, len(kernel) ** -0.5, kernel.shape), rng.normal(size=bias.shape)])
    return found


def _moved_once(
    model: keras.Model, shared: keras.layers.Layer, architecture: Architecture, style: Style, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Run the whole model once, with the last shared layer answering a, a + e₁, a + e₂, … whatever it is given."""
    neurons = architecture.trunk_units
    start = rng.normal(size=(BATCH, neurons))
    answer = tf.constant(np.concatenate([start, *(start + row for row in np.eye(neurons))]), tf.float32)
    shared.call = lambda *_, **__: answer
    try:
        outputs = model(np.zeros((1, architecture.timesteps, architecture.features), np.float32))
    finally:
        del shared.call  # the method of its class again
    result = {}
    for name, values in heads_of(outputs, architecture, style).items():
        before, after = values[:BATCH], values[BATCH:].reshape(neurons, BATCH, -1)
        result[name] = np.abs(after - before).max(axis=1) > MOVED * np.abs(values).max()
    return result
