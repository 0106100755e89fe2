"""Heads with different losses and depths: one predicts a number, one yes or no, one a class."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import spike_target, trend_target, waveform_target
from backend.questions.topologies.base import Problem, Recipe, Topology, standard
from backend.statistics.scores import binary_accuracy, categorical_accuracy, r2

CLASSES = 3


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """Waves with their trend, whether they hold a spike, and their shape; `all` concatenates the three."""
    x, factors = generate_sequences(n, 16, 1, seed)
    rng = np.random.default_rng(seed)
    trend = standard(trend_target(x, factors, 1, rng, relatedness))
    spike = spike_target(x, factors, 1, rng, relatedness)
    shape = waveform_target(x, factors, CLASSES, rng, relatedness)
    together = np.concatenate([trend, spike, shape], axis=1)
    return {"sequence": x}, {"trend": trend, "spike": spike, "shape": shape, "all": together}


def score(predicted: Mapping[str, np.ndarray], truth: Mapping[str, np.ndarray]) -> float:
    """The mean of the trend's R² and the two accuracies, from separate heads or from one output."""
    if "all" in predicted:
        fused = predicted["all"]
        predicted = {"trend": fused[:, :1], "spike": fused[:, 1:2], "shape": fused[:, 2:]}
    scores = [
        r2(predicted["trend"], truth["trend"]),
        binary_accuracy(predicted["spike"], truth["spike"]),
        categorical_accuracy(predicted["shape"], truth["shape"]),
    ]
    return float(np.mean(scores))


TOPOLOGY = Topology(
    key="mixed_heads",
    number=1,
    title="Mixed heads",
    summary="Losses and depths per head",
    description="Three heads share one trunk. Each has its own activation, loss and depth.",
    task="The heads read one wave. They predict how steeply it rises (a number), whether it holds a spike (yes or "
    "no), and which of three shapes it has (a class). The score is the mean of R² and the two accuracies.",
    baseline_description="What Sequential can build of Keras's own layers, without a Functional model inside: the same "
    "trunk and as many hidden neurons, then one `Dense(5)` for all three targets. It has one activation and one loss, "
    "so the squared error is the loss of the classes too.",
    model=Recipe(
        "one head per task",
        """\
sequence = keras.Input(shape=(16, 1), name="sequence")
x = layers.LSTM(16, unroll=True)(sequence)
trend = layers.Dense(1, name="trend")(x)
s = layers.Dense(8, activation="relu")(x)
spike = layers.Dense(1, activation="sigmoid", name="spike")(s)
w = layers.Dense(16, activation="relu")(x)
w = layers.Dense(8, activation="relu")(w)
shape = layers.Dense(3, activation="softmax", name="shape")(w)
model = keras.Model(sequence, {"trend": trend, "spike": spike, "shape": shape})
model.compile(
    keras.optimizers.Adam(0.01),
    loss={"trend": "mse", "spike": "binary_crossentropy", "shape": "categorical_crossentropy"},
)
""",
    ),
    baseline=Recipe(
        "one output layer",
        """\
sequence = keras.Input(shape=(16, 1), name="sequence")
x = layers.LSTM(16, unroll=True)(sequence)
x = layers.Dense(24, activation="relu")(x)
x = layers.Dense(8, activation="relu")(x)
everything = layers.Dense(5, name="all")(x)
model = keras.Model(sequence, {"all": everything})
model.compile(keras.optimizers.Adam(0.01), loss="mse")
""",
    ),
    attempt_lines="""\
model = keras.Sequential([
    keras.Input(shape=(16, 1)),
    layers.LSTM(16),
    [
        layers.Dense(1),
        layers.Dense(1, activation="sigmoid"),
        layers.Dense(3, activation="softmax"),
    ],
])
""",
    draw=draw,
    metric="mean score",
    score=score,
)
