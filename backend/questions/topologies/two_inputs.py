"""Two inputs: a sequence, and static features that belong to the whole sequence."""

from __future__ import annotations

import numpy as np

from backend.questions.topologies.base import Problem, Recipe, Topology, standard

STEPS = 10
STATIC = 8


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """Random walks with static values: the target is the walk's mean plus 1/√8 of the sum of absolute values."""
    rng = np.random.default_rng([seed, 21])
    walk = np.cumsum(rng.normal(size=(n, STEPS)), axis=1) / np.sqrt(STEPS)
    static = rng.normal(size=(n, STATIC))
    target = walk.mean(axis=1) + np.abs(static).sum(axis=1) / np.sqrt(STATIC)
    x = {"sequence": walk[:, :, None].astype(np.float32), "static": static.astype(np.float32)}
    return x, {"level": standard(target[:, None])}


TOPOLOGY = Topology(
    key="two_inputs",
    number=2,
    title="Two inputs",
    summary="A sequence and static values",
    description="A sequence goes through an LSTM. Values that belong to the whole sequence (a place, a device) go "
    "through a Dense layer. The two outputs are concatenated.",
    task=f"The inputs are a random walk and {STATIC} static values. The target grows with the mean of the walk and "
    "with the distance of each static value from 0. The score is R².",
    baseline_description="What one input allows: the static values are repeated at every timestep, and an LSTM with "
    "as many units reads them together with the walk. The number of Dense layers is the same.",
    model=Recipe(
        "two inputs",
        """\
sequence = keras.Input(shape=(10, 1), name="sequence")
static = keras.Input(shape=(8,), name="static")
x = layers.LSTM(8, unroll=True)(sequence)
s = layers.Dense(16, activation="relu")(static)
x = layers.Concatenate()([x, s])
x = layers.Dense(16, activation="relu")(x)
level = layers.Dense(1, name="level")(x)
model = keras.Model([sequence, static], {"level": level})
model.compile(keras.optimizers.Adam(0.01), loss="mse")
""",
    ),
    baseline=Recipe(
        "one input",
        """\
sequence = keras.Input(shape=(10, 1), name="sequence")
static = keras.Input(shape=(8,), name="static")
repeated = layers.RepeatVector(10)(static)
x = layers.Concatenate()([sequence, repeated])  # one input, made before the model
x = layers.LSTM(8, unroll=True)(x)
x = layers.Dense(16, activation="relu")(x)
x = layers.Dense(16, activation="relu")(x)
level = layers.Dense(1, name="level")(x)
model = keras.Model([sequence, static], {"level": level})
model.compile(keras.optimizers.Adam(0.01), loss="mse")
""",
    ),
    attempt_lines="""\
model = keras.Sequential([
    keras.Input(shape=(10, 1), name="sequence"),
    keras.Input(shape=(8,), name="static"),
    layers.LSTM(8),
    layers.Dense(1),
])
""",
    draw=draw,
    metric="R²",
)
