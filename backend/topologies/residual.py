"""A residual connection: each block adds to what it was given.

Source: He et al. 2016, "Deep Residual Learning for Image Recognition", §3.1.
"""

from __future__ import annotations

import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import TASKS
from backend.topologies.base import Problem, Recipe, Topology, keras_source, mean_r2, standard

DEPTH = 8


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """Waves on a slope, and that slope as least squares finds it."""
    x, factors = generate_sequences(n, 10, 1, seed)
    trend = TASKS["trend"].target(x, factors, 1, np.random.default_rng(seed), relatedness)
    return Problem({"sequence": x}, {"trend": standard(trend)})


def _stack(*block: str) -> str:
    return keras_source(
        'sequence = keras.Input(shape=(10, 1), name="sequence")',
        "x = layers.LSTM(16, unroll=True)(sequence)",
        f"for _ in range({DEPTH}):",
        *(f"    {line}" for line in block),
        'trend = layers.Dense(1, name="trend")(x)',
        'model = keras.Model(sequence, {"trend": trend})',
    )


_COMPILE = 'model.compile(keras.optimizers.Adam(0.003), loss="mse")'

TOPOLOGY = Topology(
    key="residual",
    number=4,
    title="Residual connections",
    says=f"{DEPTH} Dense blocks on top of each other, and around each a wire that carries its input past it: the block "
    "only adds to what came in, so the gradient has a way back that nothing weakens.",
    task="The trend of a wave. The task is easy; the depth is what makes it hard. A sigmoid's slope is ¼ at most, so "
    "without a wire every block lets through a quarter of the gradient or less.",
    against="The very same stack without the wires: as deep, as wide, as many weights.",
    model=Recipe(
        "with the wires",
        _stack('y = layers.Dense(16, activation="sigmoid")(x)', "x = layers.Add()([x, y])"),
        _COMPILE,
    ),
    baseline=Recipe("without", _stack('x = layers.Dense(16, activation="sigmoid")(x)'), _COMPILE),
    attempt=keras_source(
        "model = keras.Sequential([",
        "    keras.Input(shape=(10, 1)),",
        "    layers.LSTM(16),",
        '    layers.Dense(16, activation="sigmoid"),',
        "    layers.Add(),  # to what? There is only the layer before it",
        "    layers.Dense(1),",
        "])",
    ),
    draw=draw,
    metric=mean_r2("trend"),
)
