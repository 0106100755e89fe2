"""A mixture of experts with a gate for each task.

Source: Ma et al. 2018, "Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts", §4.
"""

from __future__ import annotations

from backend.questions.topologies.base import Recipe, Topology
from backend.questions.topologies.related import RELATED

TOPOLOGY = Topology(
    key="mmoe",
    number=8,
    title="Mixture of experts",
    summary="Shared experts, a gate per task",
    description="Three small LSTMs, the experts, read the same sequence. Each task has a gate that weights the "
    "experts separately for every sequence. So the tasks can share experts if that helps, and use different "
    "experts if it does not.",
    baseline_description="One shared LSTM with about as many weights, and the same two towers on it. Ma et al. "
    "(2018) make this comparison too.",
    model=Recipe(
        "experts and gates",
        """\
sequence = keras.Input(shape=(6, 1), name="sequence")
experts = [layers.LSTM(6, unroll=True)(sequence) for _ in range(3)]
seen = layers.Concatenate()(experts)
stacked = layers.Reshape((3, 6))(seen)
outputs = []
for task in ("a", "b"):
    gate = layers.Dense(3, activation="softmax", name=f"gate_{task}")(seen)
    mixed = layers.Dot(axes=1, name=f"mixture_{task}")([gate, stacked])
    x = layers.Dense(8, activation="relu")(mixed)
    outputs.append(layers.Dense(1, name=task)(x))
a, b = outputs
model = keras.Model(sequence, {"a": a, "b": b})
model.compile(keras.optimizers.Adam(0.01), loss={"a": "mse", "b": "mse"})
""",
    ),
    baseline=Recipe(
        "one shared LSTM",
        """\
sequence = keras.Input(shape=(6, 1), name="sequence")
x = layers.LSTM(12, unroll=True)(sequence)
a = layers.Dense(8, activation="relu")(x)
a = layers.Dense(1, name="a")(a)
b = layers.Dense(8, activation="relu")(x)
b = layers.Dense(1, name="b")(b)
model = keras.Model(sequence, {"a": a, "b": b})
model.compile(keras.optimizers.Adam(0.01), loss={"a": "mse", "b": "mse"})
""",
    ),
    attempt_lines="""\
model = keras.Sequential([
    keras.Input(shape=(6, 1)),
    layers.Dense(3, activation="softmax", name="gate"),
    layers.LSTM(6),  # one expert
    layers.Dot(axes=1),  # needs the experts and the gate
    layers.Dense(1),
])
""",
    **RELATED,
)
