"""Mistake 14: a batch normalization that is not frozen, though it has no weight to train.

Keras: `layers/normalization/batch_normalization.py`, `call` updates the moving averages if `training and trainable`.
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import Mistake, Reading, data, number


class Changed(Measured):
    """The layers with trainable weights, and the largest change of the predictions of `level`."""

    trainable: tuple[str, ...]
    changed: float


OPTIONS = (
    "No: all that `level` depends on is frozen",
    "Yes, because the trunk's averages still change",
    "Yes, because the loss of `level` is still part of the total loss",
)


def read(values: Changed, printed: str) -> Reading:
    """Whether the predictions of `level` changed while `trend` alone was trained."""
    names = " and ".join(f"`{name}`" for name in values.trainable) or "no layer"
    finding = (
        f"Keras trains the weights of {names}. The predictions of `level` changed by at most {number(values.changed)}."
    )
    answer = None if "level" in values.trainable else OPTIONS[0] if values.changed == 0 else OPTIONS[1]
    return Reading(answer, finding, wrong=values.changed != 0)


def _script(frozen: str) -> str:
    return (
        data()
        + f"""
inputs = keras.Input(shape=(4,))
hidden = layers.Dense(8, name="trunk")(inputs)
hidden = layers.BatchNormalization(
    center=False, scale=False, name="norm"
)(hidden)
outputs = [
    layers.Dense(1, name="trend")(hidden),
    layers.Dense(1, name="level")(hidden),
]
model = keras.Model(inputs, outputs)

for name in {frozen}:
    model.get_layer(name).trainable = False
trainable = [each.name for each in model.layers if each.trainable_weights]
print("layers with trainable weights:", trainable)

before = model.predict(x, verbose=0)[1]
model.compile(optimizer="sgd", loss=["mse", "mse"])
model.fit(x, [trend, level], epochs=5, shuffle=False, verbose=0)
after = model.predict(x, verbose=0)[1]
changed = float(np.abs(after - before).max())
print(f"largest change of a prediction of level: {{changed:.3f}}")
"""
    )


MISTAKE = Mistake(
    key="frozen_norm",
    number=14,
    title="Freezing beside batch normalization",
    question="The trunk's Dense layer and the head `level` are frozen, so `trend` alone is trained. The batch "
    "normalization has no weight to train. Do the predictions of `level` change?",
    options=OPTIONS,
    misconceptions=("no-trainable-weight-means-no-change", "", "a-frozen-head-is-still-trained"),
    ticked=OPTIONS[1],
    broken=_script('["trunk", "level"]'),
    symptom="A head that is frozen predicts other numbers after the training.",
    why="During `fit`, batch normalization keeps moving averages of the mean and the variance of its input. No "
    "gradient is needed for that, so they are not trainable weights. `predict` normalizes with these averages, and the "
    "frozen head reads the result.",
    remedy="Freeze the normalization, too. In Keras, a frozen batch normalization also stops updating its averages.",
    mended=_script('["trunk", "norm", "level"]'),
    evidence=Changed,
    read=read,
)
