"""Heads at different depths: the early layers learn from the target directly.

Source: Lee et al. 2015, "Deeply-Supervised Nets".
"""

from __future__ import annotations

from backend.questions.topologies.base import Problem, Recipe, Topology, keras_source, mean_r2
from backend.questions.topologies.residual import draw_trend

DEPTH = 5


def draw(seed: int, n: int, relatedness: float) -> Problem:
    """The problem of the residual stack; each head has the same target."""
    drawn = draw_trend(seed, n, relatedness)
    return Problem(drawn.x, dict.fromkeys(("early", "middle", "late"), drawn.y["trend"]))


_BLOCK = f'for _ in range({DEPTH}):\n    x = layers.Dense(16, activation="sigmoid")(x)'
_START = (
    'sequence = keras.Input(shape=(10, 1), name="sequence")',
    "x = layers.LSTM(16, unroll=True)(sequence)",
)
_LATE = 'late = layers.Dense(1, name="late")(x)'

TOPOLOGY = Topology(
    key="deep_supervision",
    number=5,
    title="Heads at different depths",
    summary="Outputs on early layers, too",
    description=f"Three heads predict the same target: one on the LSTM, one after {DEPTH} Dense layers and one after "
    f"{2 * DEPTH}. Only the last head is scored. The other two give the gradient a short path to the early layers.",
    task="The target is the trend of a wave. The model predicts it through a stack of sigmoid layers, in which "
    "the gradient shrinks. The score is R² of the last head alone.",
    baseline_description="The same stack with only the last head.",
    model=Recipe(
        "three heads",
        keras_source(
            *_START,
            'early = layers.Dense(1, name="early")(x)',
            _BLOCK,
            'middle = layers.Dense(1, name="middle")(x)',
            _BLOCK,
            _LATE,
            'model = keras.Model(sequence, {"early": early, "middle": middle, "late": late})',
        ),
        "model.compile(\n"
        "    keras.optimizers.Adam(0.003),\n"
        '    loss={"early": "mse", "middle": "mse", "late": "mse"},\n'
        '    loss_weights={"early": 0.3, "middle": 0.3, "late": 1.0},\n'
        ")",
    ),
    baseline=Recipe(
        "last head only",
        keras_source(*_START, _BLOCK, _BLOCK, _LATE, 'model = keras.Model(sequence, {"late": late})'),
        'model.compile(keras.optimizers.Adam(0.003), loss="mse")',
    ),
    attempt=keras_source(
        "import numpy as np",
        "",
        "model = keras.Sequential([",
        "    keras.Input(shape=(10, 1)),",
        "    layers.LSTM(16),",
        '    layers.Dense(1, name="early"),  # a bottleneck of one unit here, not an output',
        '    layers.Dense(16, activation="sigmoid"),',
        '    layers.Dense(1, name="late"),',
        "])",
        'model.compile(loss=["mse", "mse"], run_eagerly=True)',
        "x, y = np.zeros((4, 10, 1)), np.zeros((4, 1))",
        "model.train_on_batch(x, [y, y])  # a target for each head",
    ),
    draw=draw,
    metric=mean_r2("late", title="R² of the last head"),
    epochs=30,
)
