"""One LSTM used twice: do two sequences come from the same generator?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from backend.questions.topologies.base import Problem, Recipe, Topology
from backend.statistics.scores import binary_accuracy

STEPS = 16


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """Pairs of noisy waves. A generator is a frequency; about half of the pairs share it."""
    rng = np.random.default_rng([seed, 31])
    same = rng.integers(2, size=n)
    first = rng.uniform(1.0, 4.0, n)
    apart = rng.uniform(0.5, 1.2, n)
    second = np.where(same == 1, first, np.where(first > 2.5, first - apart, first + apart))
    time = np.arange(STEPS)[None, :] / STEPS

    def wave(frequency: np.ndarray) -> np.ndarray:
        turn = frequency[:, None] * time + rng.uniform(0, 1, (n, 1))
        values = np.sin(2 * np.pi * turn) + 0.1 * rng.normal(size=turn.shape)
        return np.asarray(values[:, :, None], np.float32)

    return {"first": wave(first), "second": wave(second)}, {"same": same[:, None].astype(np.float32)}


def score(predicted: Mapping[str, np.ndarray], truth: Mapping[str, np.ndarray]) -> float:
    """The share of pairs that are classified correctly."""
    return binary_accuracy(predicted["same"], truth["same"])


TOPOLOGY = Topology(
    key="siamese",
    number=3,
    title="A shared LSTM",
    summary="One layer, called on two inputs",
    description="Two inputs pass through the same LSTM: one layer, called twice, with one set of weights. Its two "
    "outputs can be compared, because the same weights computed both. (If both sequences have the same length, they "
    "can be stacked into one input, and in Sequential a `TimeDistributed` layer can read them with one LSTM.)",
    task="The inputs are two noisy waves, each with a random phase. Do both come from the same generator, that is, "
    "do they have the same frequency? The score is the accuracy.",
    baseline_description="The same network with a separate LSTM for each input. The LSTMs have twice as many weights "
    "together, and no constraint makes their outputs comparable.",
    model=Recipe(
        "a shared LSTM",
        """\
first = keras.Input(shape=(16, 1), name="first")
second = keras.Input(shape=(16, 1), name="second")
lstm = layers.LSTM(16, unroll=True)
a, b = lstm(first), lstm(second)  # one layer, used twice
apart = layers.Subtract()([a, b])
x = layers.Dense(16, activation="relu")(apart)
same = layers.Dense(1, activation="sigmoid", name="same")(x)
model = keras.Model([first, second], {"same": same})
model.compile(keras.optimizers.Adam(0.01), loss="binary_crossentropy")
""",
    ),
    baseline=Recipe(
        "two LSTMs",
        """\
first = keras.Input(shape=(16, 1), name="first")
second = keras.Input(shape=(16, 1), name="second")
a = layers.LSTM(16, unroll=True)(first)
b = layers.LSTM(16, unroll=True)(second)
apart = layers.Subtract()([a, b])
x = layers.Dense(16, activation="relu")(apart)
same = layers.Dense(1, activation="sigmoid", name="same")(x)
model = keras.Model([first, second], {"same": same})
model.compile(keras.optimizers.Adam(0.01), loss="binary_crossentropy")
""",
    ),
    attempt_lines="""\
model = keras.Sequential([
    keras.Input(shape=(16, 1)),
    layers.LSTM(16),
    layers.Dense(1, activation="sigmoid"),
])
first = second = keras.Input(shape=(16, 1))
same = model([first, second])
""",
    draw=draw,
    epochs=15,
    metric="accuracy",
    score=score,
)
