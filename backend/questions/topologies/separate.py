"""A separate network for each task: does sharing help at all?"""

from __future__ import annotations

from backend.questions.topologies.base import Recipe, Topology
from backend.questions.topologies.related import RELATED

TOPOLOGY = Topology(
    key="separate",
    number=9,
    title="Separate networks",
    summary="Two networks in one model",
    description="Two networks share nothing but the input and are trained as one model. The total loss is the sum of "
    "both losses, so each network learns as if it were alone. A network that shares layers has to beat this one "
    "before anybody can say that sharing helps.",
    baseline_description="One shared LSTM with about as many weights as both networks' together, and a head for each "
    "task, as in the thread's Functional model.",
    model=Recipe(
        "separate networks",
        """\
sequence = keras.Input(shape=(6, 1), name="sequence")
a = layers.LSTM(8, unroll=True)(sequence)
a = layers.Dense(8, activation="relu")(a)
a = layers.Dense(1, name="a")(a)
b = layers.LSTM(8, unroll=True)(sequence)
b = layers.Dense(8, activation="relu")(b)
b = layers.Dense(1, name="b")(b)
model = keras.Model(sequence, {"a": a, "b": b})
model.compile(keras.optimizers.Adam(0.01), loss={"a": "mse", "b": "mse"})
""",
    ),
    baseline=Recipe(
        "a shared LSTM",
        """\
sequence = keras.Input(shape=(6, 1), name="sequence")
x = layers.LSTM(12, unroll=True)(sequence)
x = layers.Dense(8, activation="relu")(x)
a = layers.Dense(1, name="a")(x)
b = layers.Dense(1, name="b")(x)
model = keras.Model(sequence, {"a": a, "b": b})
model.compile(keras.optimizers.Adam(0.01), loss={"a": "mse", "b": "mse"})
""",
    ),
    attempt_lines="""\
model = keras.Sequential([
    keras.Input(shape=(6, 1)),
    layers.LSTM(8, name="network_a"),
    layers.Dense(1, name="a"),
    layers.LSTM(8, name="network_b"),  # reads output a, not the sequence
    layers.Dense(1, name="b"),
])
""",
    **RELATED,
)
