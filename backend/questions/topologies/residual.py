"""Residual connections: each block adds its output to its input.

Source: He et al. 2016, "Deep Residual Learning for Image Recognition", §3.1.
"""

from __future__ import annotations

import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import trend_target
from backend.questions.topologies.base import Problem, Recipe, Topology, standard


def draw_trend(seed: int, n: int, relatedness: float) -> Problem:
    """Waves on a slope, and that slope by least squares."""
    x, factors = generate_sequences(n, 10, 1, seed)
    trend = trend_target(x, factors, 1, np.random.default_rng(seed), relatedness)
    return {"sequence": x}, {"trend": standard(trend)}


TOPOLOGY = Topology(
    key="residual",
    number=4,
    title="Residual connections",
    summary="A way around each block",
    description="Eight Dense blocks form a stack. A connection around each block adds the block's input to its "
    "output, so the gradient has a path back on which no block shrinks it.",
    task="The target is the trend of a wave. The task is easy, but the depth makes it hard. The slope of a sigmoid "
    "is at most ¼, so without the connections every block's sigmoid multiplies the gradient by ¼ or less.",
    baseline_description="The same stack without the connections. Its depth, width and number of weights are equal.",
    model=Recipe(
        "residual stack",
        """\
sequence = keras.Input(shape=(10, 1), name="sequence")
x = layers.LSTM(16, unroll=True)(sequence)
for _ in range(8):
    y = layers.Dense(16, activation="sigmoid")(x)
    x = layers.Add()([x, y])
trend = layers.Dense(1, name="trend")(x)
model = keras.Model(sequence, {"trend": trend})
model.compile(keras.optimizers.Adam(0.003), loss="mse")
""",
    ),
    baseline=Recipe(
        "plain stack",
        """\
sequence = keras.Input(shape=(10, 1), name="sequence")
x = layers.LSTM(16, unroll=True)(sequence)
for _ in range(8):
    x = layers.Dense(16, activation="sigmoid")(x)
trend = layers.Dense(1, name="trend")(x)
model = keras.Model(sequence, {"trend": trend})
model.compile(keras.optimizers.Adam(0.003), loss="mse")
""",
    ),
    attempt_lines="""\
model = keras.Sequential([
    keras.Input(shape=(10, 1)),
    layers.LSTM(16),
    layers.Dense(16, activation="sigmoid"),
    layers.Add(),  # needs two inputs, but gets only the output of one layer
    layers.Dense(1),
])
""",
    draw=draw_trend,
    metric="R²",
)
