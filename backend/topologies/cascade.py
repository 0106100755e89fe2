"""One head feeds another: what was recognised helps to answer the next question."""

from __future__ import annotations

import numpy as np

from backend.experiment.dataset import generate_sequences
from backend.experiment.tasks import TASKS
from backend.topologies.base import Metric, Problem, Recipe, Topology, keras_source, r2, standard

#: Price of each band of means, from the lowest band to the highest.
PRICES = (1.0, -1.0, 0.5, -0.5, 1.5)


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """Waves; the fifth of all means that theirs belongs to; and the price of that fifth with a part of their trend."""
    x, factors = generate_sequences(n, 10, 1, seed)
    means = x.mean(axis=(1, 2))
    fifth = np.digitize(means, np.quantile(means, np.arange(1, len(PRICES)) / len(PRICES)))
    band = np.eye(len(PRICES), dtype=np.float32)[fifth]
    trend = standard(TASKS["trend"].target(x, factors, 1, np.random.default_rng(seed), relatedness))
    price = standard(np.array(PRICES)[fifth][:, None] + 0.3 * trend)
    return Problem({"sequence": x}, {"band": band, "price": price})


def _source(*price: str) -> str:
    return keras_source(
        'sequence = keras.Input(shape=(10, 1), name="sequence")',
        "x = layers.LSTM(16, unroll=True)(sequence)",
        f'band = layers.Dense({len(PRICES)}, activation="softmax", name="band")(x)',
        *price,
        'model = keras.Model(sequence, {"band": band, "price": price})',
    )


_COMPILE = 'model.compile(keras.optimizers.Adam(0.01), loss={"band": "categorical_crossentropy", "price": "mse"})'

TOPOLOGY = Topology(
    key="cascade",
    number=6,
    title="One head feeds another",
    says="The first head says which class it sees; the second reads that answer beside the trunk.",
    task="In which of five bands is a wave's mean, and what is its price? Each band has a price, up and down in no "
    "order, to which a part of the trend is added. Measured is the price.",
    against="The same two heads side by side: the price is read from the trunk alone. The trunk learns the bands too, "
    "through the first head's loss; only the wire is missing. (A hidden layer in the price head would make up for "
    "much of it: it could learn the bands itself.)",
    model=Recipe(
        "with the wire",
        _source("x = layers.Concatenate()([x, band])", 'price = layers.Dense(1, name="price")(x)'),
        _COMPILE,
    ),
    baseline=Recipe("side by side", _source('price = layers.Dense(1, name="price")(x)'), _COMPILE),
    attempt=keras_source(
        "model = keras.Sequential([",
        "    keras.Input(shape=(10, 1)),",
        "    layers.LSTM(16),",
        f'    layers.Dense({len(PRICES)}, activation="softmax", name="band"),',
        "    layers.Concatenate(),  # with the LSTM's output, which is gone",
        '    layers.Dense(1, name="price"),',
        "])",
    ),
    draw=draw,
    metric=Metric("R² of the price", lambda predicted, truth: r2(predicted["price"], truth["price"])),
    epochs=30,
)
