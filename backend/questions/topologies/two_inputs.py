"""Two inputs: a sequence, and static features that belong to the whole sequence."""

from __future__ import annotations

import numpy as np

from backend.questions.topologies.base import Problem, Recipe, Topology, keras_source, mean_r2, standard

STEPS, STATIC = 10, 8


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """Random walks with static values: the target is the walk's mean plus 1/√8 of the sum of absolute values."""
    rng = np.random.default_rng([seed, 21])
    walk = np.cumsum(rng.normal(size=(n, STEPS)), axis=1) / np.sqrt(STEPS)
    static = rng.normal(size=(n, STATIC))
    target = walk.mean(axis=1) + np.abs(static).sum(axis=1) / np.sqrt(STATIC)
    return Problem(
        {"sequence": walk[:, :, None].astype(np.float32), "static": static.astype(np.float32)},
        {"level": standard(target[:, None])},
    )


_INPUTS = (
    f'sequence = keras.Input(shape=({STEPS}, 1), name="sequence")',
    f'static = keras.Input(shape=({STATIC},), name="static")',
)
_HEAD = (
    'x = layers.Dense(16, activation="relu")(x)',
    'level = layers.Dense(1, name="level")(x)',
    'model = keras.Model([sequence, static], {"level": level})',
)
_COMPILE = 'model.compile(keras.optimizers.Adam(0.01), loss="mse")'

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
        keras_source(
            *_INPUTS,
            "x = layers.LSTM(8, unroll=True)(sequence)",
            's = layers.Dense(16, activation="relu")(static)',
            "x = layers.Concatenate()([x, s])",
            *_HEAD,
        ),
        _COMPILE,
    ),
    baseline=Recipe(
        "one input",
        keras_source(
            *_INPUTS,
            f"repeated = layers.RepeatVector({STEPS})(static)",
            "x = layers.Concatenate()([sequence, repeated])  # one input, made before the model",
            "x = layers.LSTM(8, unroll=True)(x)",
            'x = layers.Dense(16, activation="relu")(x)',
            *_HEAD,
        ),
        _COMPILE,
    ),
    attempt=keras_source(
        "model = keras.Sequential([",
        f'    keras.Input(shape=({STEPS}, 1), name="sequence"),',
        f'    keras.Input(shape=({STATIC},), name="static"),',
        "    layers.LSTM(8),",
        "    layers.Dense(1),",
        "])",
    ),
    draw=draw,
    metric=mean_r2("level"),
)
