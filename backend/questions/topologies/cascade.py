"""One head feeds another: the prediction of the first is an input of the second."""

from __future__ import annotations

import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import trend_target
from backend.questions.topologies.base import Problem, Recipe, Topology, standard

#: The base price of each band of means, from the lowest band to the highest.
PRICES = (1.0, -1.0, 0.5, -0.5, 1.5)


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """Waves; the band (a fifth of all means) that holds each mean; the price of that band plus a part of the trend."""
    x, factors = generate_sequences(n, 10, 1, seed)
    means = x.mean(axis=(1, 2))
    fifth = np.digitize(means, np.quantile(means, np.arange(1, len(PRICES)) / len(PRICES)))
    band = np.eye(len(PRICES), dtype=np.float32)[fifth]
    trend = standard(trend_target(x, factors, 1, np.random.default_rng(seed), relatedness))
    price = standard(np.array(PRICES)[fifth][:, None] + 0.3 * trend)
    return {"sequence": x}, {"band": band, "price": price}


TOPOLOGY = Topology(
    key="cascade",
    number=6,
    title="One head feeds another",
    summary="A prediction as an input",
    description="The first head predicts a class. The second head reads this prediction together with the output of "
    "the trunk.",
    task="The first head predicts which of five bands holds the mean of a wave. The second head predicts a price. "
    "Each band has its own base price, and the prices do not rise or fall steadily from band to band. A part of the "
    "wave's trend is added to the base price. The score is R² of the price.",
    baseline_description="The same two heads side by side: the price head reads the trunk alone. The trunk still "
    "learns the bands through the first head's loss. Only the connection between the heads is missing. (A hidden "
    "layer in the price head would make up for much of it, because the price head could then learn the bands "
    "itself.)",
    model=Recipe(
        "connected heads",
        """\
sequence = keras.Input(shape=(10, 1), name="sequence")
x = layers.LSTM(16, unroll=True)(sequence)
band = layers.Dense(5, activation="softmax", name="band")(x)
x = layers.Concatenate()([x, band])
price = layers.Dense(1, name="price")(x)
model = keras.Model(sequence, {"band": band, "price": price})
model.compile(keras.optimizers.Adam(0.01), loss={"band": "categorical_crossentropy", "price": "mse"})
""",
    ),
    baseline=Recipe(
        "heads side by side",
        """\
sequence = keras.Input(shape=(10, 1), name="sequence")
x = layers.LSTM(16, unroll=True)(sequence)
band = layers.Dense(5, activation="softmax", name="band")(x)
price = layers.Dense(1, name="price")(x)
model = keras.Model(sequence, {"band": band, "price": price})
model.compile(keras.optimizers.Adam(0.01), loss={"band": "categorical_crossentropy", "price": "mse"})
""",
    ),
    attempt_lines="""\
model = keras.Sequential([
    keras.Input(shape=(10, 1)),
    layers.LSTM(16),
    layers.Dense(5, activation="softmax", name="band"),
    layers.Concatenate(),  # needs the LSTM's output too, but gets only the band
    layers.Dense(1, name="price"),
])
""",
    draw=draw,
    metric="R² of the price",
    epochs=30,
)
