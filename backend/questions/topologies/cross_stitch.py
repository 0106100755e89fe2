"""Soft sharing: two towers, and units between them that learn how much each tower takes from the other.

Source: Misra et al. 2016, "Cross-stitch Networks for Multi-task Learning", §3.
"""

from __future__ import annotations

from backend.network import cross_stitch
from backend.questions.topologies.base import Recipe, Topology
from backend.questions.topologies.related import RELATED

TOPOLOGY = Topology(
    key="cross_stitch",
    number=7,
    title="Cross-stitch",
    summary="Towers that learn to share",
    description="Each task has a tower of its own. After each hidden layer, a cross-stitch unit of four weights sets "
    "how much each tower takes from itself and how much from the other. Training decides how much the towers share.",
    baseline_description="The same two towers without the two cross-stitch units: eight weights fewer.",
    model=Recipe(
        "cross-stitched towers",
        cross_stitch.SOURCE
        + """\
sequence = keras.Input(shape=(6, 1), name="sequence")
a = layers.LSTM(8, unroll=True)(sequence)
b = layers.LSTM(8, unroll=True)(sequence)
a, b = CrossStitch()([a, b])
a = layers.Dense(8, activation="relu")(a)
b = layers.Dense(8, activation="relu")(b)
a, b = CrossStitch()([a, b])
a = layers.Dense(1, name="a")(a)
b = layers.Dense(1, name="b")(b)
model = keras.Model(sequence, {"a": a, "b": b})
model.compile(keras.optimizers.Adam(0.01), loss={"a": "mse", "b": "mse"})
""",
    ),
    baseline=Recipe(
        "unconnected towers",
        """\
sequence = keras.Input(shape=(6, 1), name="sequence")
a = layers.LSTM(8, unroll=True)(sequence)
b = layers.LSTM(8, unroll=True)(sequence)
a = layers.Dense(8, activation="relu")(a)
b = layers.Dense(8, activation="relu")(b)
a = layers.Dense(1, name="a")(a)
b = layers.Dense(1, name="b")(b)
model = keras.Model(sequence, {"a": a, "b": b})
model.compile(keras.optimizers.Adam(0.01), loss={"a": "mse", "b": "mse"})
""",
    ),
    attempt_lines="""\
model = keras.Sequential([
    keras.Input(shape=(6, 1)),
    layers.LSTM(8, name="tower_a"),
    layers.LSTM(8, name="tower_b"),  # reads tower_a, not the sequence
    layers.Dense(1),
])
""",
    **RELATED,
)
