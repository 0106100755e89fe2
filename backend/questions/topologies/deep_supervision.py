"""Heads at different depths: the early layers learn from the target directly.

Source: Lee et al. 2015, "Deeply-Supervised Nets".
"""

from __future__ import annotations

from backend.questions.topologies.base import Problem, Recipe, Topology
from backend.questions.topologies.residual import draw_trend


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """The problem of the residual stack; each head has the same target."""
    x, y = draw_trend(seed, n, relatedness)
    return x, dict.fromkeys(("early", "middle", "late"), y["trend"])


TOPOLOGY = Topology(
    key="deep_supervision",
    number=5,
    title="Heads at different depths",
    summary="Outputs on early layers, too",
    description="Three heads predict the same target: one on the LSTM, one after five Dense layers and one after "
    "ten. Only the last head is scored. The other two give the gradient a short path to the early layers.",
    task="The target is the trend of a wave. The model predicts it through a stack of sigmoid layers, in which "
    "the gradient shrinks. The score is R² of the last head alone.",
    baseline_description="The same stack with only the last head.",
    model=Recipe(
        "three heads",
        """\
sequence = keras.Input(shape=(10, 1), name="sequence")
x = layers.LSTM(16, unroll=True)(sequence)
early = layers.Dense(1, name="early")(x)
for _ in range(5):
    x = layers.Dense(16, activation="sigmoid")(x)
middle = layers.Dense(1, name="middle")(x)
for _ in range(5):
    x = layers.Dense(16, activation="sigmoid")(x)
late = layers.Dense(1, name="late")(x)
model = keras.Model(sequence, {"early": early, "middle": middle, "late": late})
model.compile(
    keras.optimizers.Adam(0.003),
    loss={"early": "mse", "middle": "mse", "late": "mse"},
    loss_weights={"early": 0.3, "middle": 0.3, "late": 1.0},
)
""",
    ),
    baseline=Recipe(
        "last head only",
        """\
sequence = keras.Input(shape=(10, 1), name="sequence")
x = layers.LSTM(16, unroll=True)(sequence)
for _ in range(5):
    x = layers.Dense(16, activation="sigmoid")(x)
for _ in range(5):
    x = layers.Dense(16, activation="sigmoid")(x)
late = layers.Dense(1, name="late")(x)
model = keras.Model(sequence, {"late": late})
model.compile(keras.optimizers.Adam(0.003), loss="mse")
""",
    ),
    attempt_lines="""\
import numpy as np

model = keras.Sequential([
    keras.Input(shape=(10, 1)),
    layers.LSTM(16),
    layers.Dense(1, name="early"),  # a bottleneck of one unit here, not an output
    layers.Dense(16, activation="sigmoid"),
    layers.Dense(1, name="late"),
])
model.compile(loss=["mse", "mse"], run_eagerly=True)
x, y = np.zeros((4, 10, 1)), np.zeros((4, 1))
model.train_on_batch(x, [y, y])  # a target for each head
""",
    draw=draw,
    metric="R² of the last head",
    epochs=30,
)
