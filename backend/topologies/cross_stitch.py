"""Soft sharing: two towers, and between them units that learn how much each takes from the other.

Source: Misra et al. 2016, "Cross-stitch Networks for Multi-task Learning", §3.
"""

from __future__ import annotations

from backend.topologies.base import Recipe, Topology, keras_source
from backend.topologies.related import COMPILE, INPUT, METRIC, MODEL, SEEDS, TASK, draw

_STITCH = '''class CrossStitch(layers.Layer):
    """Each tower goes on with a learned mixture of both: its own first, a little of the other."""

    def build(self, input_shape):
        start = keras.initializers.Constant([[0.9, 0.1], [0.1, 0.9]])
        self.alpha = self.add_weight(shape=(2, 2), initializer=start, name="alpha")

    def call(self, towers):
        a, b = towers
        return [
            self.alpha[0, 0] * a + self.alpha[0, 1] * b,
            self.alpha[1, 0] * a + self.alpha[1, 1] * b,
        ]

'''


def _towers(stitch: str, *imports: str) -> str:
    return keras_source(
        *imports,
        INPUT,
        "a = layers.LSTM(8, unroll=True)(sequence)",
        "b = layers.LSTM(8, unroll=True)(sequence)",
        *([stitch] if stitch else []),
        'a = layers.Dense(8, activation="relu")(a)',
        'b = layers.Dense(8, activation="relu")(b)',
        *([stitch] if stitch else []),
        'a = layers.Dense(1, name="a")(a)',
        'b = layers.Dense(1, name="b")(b)',
        MODEL,
    )


TOPOLOGY = Topology(
    key="cross_stitch",
    number=7,
    title="Cross-stitch",
    says="A tower for each task, and after each layer a unit of four numbers that says how much a tower takes from "
    "itself and how much from the other. Training decides how much is shared.",
    task=TASK,
    against="The same two towers without the stitches: eight numbers less.",
    model=Recipe("stitched towers", _towers("a, b = CrossStitch()([a, b])", _STITCH), COMPILE),
    baseline=Recipe("towers apart", _towers(""), COMPILE),
    attempt=keras_source(
        "model = keras.Sequential([",
        "    keras.Input(shape=(6, 1)),",
        '    layers.LSTM(8, name="tower_a"),',
        '    layers.LSTM(8, name="tower_b"),  # beside the other? No: after it',
        "    layers.Dense(1),",
        "])",
    ),
    draw=draw,
    metric=METRIC,
    seeds=SEEDS,
    dial=True,
)
