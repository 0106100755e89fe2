"""Evidence for claim 8: what Keras's own Dense layers draw for their output kernels, over many seeds."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np

from backend.experiment import Experiment
from backend.worker.runtime import Context

#: Weights drawn for each layer, and the fewest and most seeds they come from.
WEIGHTS, MIN_SEEDS, MAX_SEEDS = 8192, 8, 1024
BINS = 40


def measure(experiment: Experiment, context: Context) -> dict[str, Any]:
    """`inputs` of the output layers; `edges` of the bins; `layers`: units → what was drawn.

    That is `count`, `largest` and `spread` (standard deviation) of the weights and their `share` in each bin. The
    layers are the fused output layer and one for each size that a head has.
    """
    architecture = experiment.architecture
    inputs = architecture.trunk_units
    sizes = sorted({head.units for head in architecture.heads} | {architecture.output_units})
    drawn = {units: _draw(inputs, units, context) for units in sizes}
    reach = max(float(np.abs(weights).max()) for weights in drawn.values())
    edges = np.linspace(-reach, reach, BINS + 1)
    return {
        "inputs": inputs,
        "edges": edges.tolist(),
        "layers": {
            units: {
                "count": weights.size,
                "largest": float(np.abs(weights).max()),
                "spread": float(weights.std()),
                "share": (np.histogram(weights, edges)[0] / weights.size).tolist(),
            }
            for units, weights in drawn.items()
        },
    }


def _draw(inputs: int, units: int, context: Context) -> np.ndarray:
    """Initial kernels of `Dense(units)` on `inputs` neurons, flat: what its initializer draws from seed 0, 1, 2, …"""
    initializer = type(keras.layers.Dense(units).kernel_initializer)
    seeds = min(max(MIN_SEEDS, math.ceil(WEIGHTS / (inputs * units))), MAX_SEEDS)
    kernels = []
    for seed in range(seeds):
        if seed % 50 == 0:
            context.raise_if_cancelled()
        kernels.append(np.ravel(initializer(seed=seed)((inputs, units))))
    return np.concatenate(kernels)
