"""Mistake 3: one column of targets for an output with two columns.

Keras: `losses/losses.py`, `mean_squared_error`, subtracts arrays of equal rank. Shapes (n, 1) and (n, 2) broadcast.
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import RAISES, TRUNK, Mistake, Reading, data, number


class Errors(Measured):
    """`loss` after training, and the mean squared error of each column against its own target and against `trend`."""

    loss: float
    own: tuple[float, float]
    trend_in_second: float


OPTIONS = (
    RAISES,
    "The first column learns `trend`, and the second learns nothing",
    "Both columns learn `trend`",
    "The first column learns `trend`, and the second learns `level`",
)
#: A column has learned its target when its mean squared error is below this. The targets have variances of 2 and 0.25.
_LEARNED = 0.01


def read(values: Errors, printed: str) -> Reading:
    """What each column has learned."""
    first, second = values.own
    finding = (
        f"The loss falls to {number(values.loss)}. The second column differs from `level` by a mean squared error of "
        f"{number(second)}, and from `trend` by {number(values.trend_in_second)}."
    )
    answer = None
    if first < _LEARNED:
        answer = OPTIONS[3] if second < _LEARNED else OPTIONS[2] if values.trend_in_second < _LEARNED else OPTIONS[1]
    return Reading(answer, finding, wrong=answer != OPTIONS[3])


def _script(y: str) -> str:
    return (
        data()
        + TRUNK
        + f"""\
model = keras.Model(inputs, layers.Dense(2)(hidden))

y = {y}
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
loss = model.fit(x, y, epochs=5, shuffle=False, verbose=0).history["loss"][-1]

first, second = np.split(np.asarray(model(x)), 2, axis=1)
pairs = ((first, trend), (second, level), (second, trend))
*own, trend_in_second = [float(np.mean((a - b) ** 2)) for a, b in pairs]
print("y:", y.shape, "output:", model.output_shape)
print(f"loss: {{loss:.2g}}")
print(f"error of the first column against trend: {{own[0]:.2g}}")
print(f"error of the second column against level: {{own[1]:.2g}}")
print(f"error of the second column against trend: {{trend_in_second:.2g}}")
"""
    )


MISTAKE = Mistake(
    key="one_column",
    number=3,
    title="One column of targets for an output of two columns",
    question="The output of the model has two columns, but `y` has one, `trend`. What happens?",
    options=OPTIONS,
    misconceptions=(
        "shapes-must-match",
        "a-column-without-targets-is-not-trained",
        "",
        "keras-finds-the-other-target",
    ),
    ticked=OPTIONS[2],
    broken=_script("trend  # the column level is missing"),
    symptom="The loss falls to almost 0, so the training looks perfect. The second column is wrong.",
    why="The loss subtracts `y` of shape (n, 1) from the output of shape (n, 2). Array libraries broadcast these "
    "shapes: they use the one column of `y` for both columns of the output. With `mse`, Keras does not compare the "
    "numbers of columns.",
    remedy="Give `y` a column for each column of the output, and compare `y.shape` with `model.output_shape` before "
    "`fit`.",
    mended=_script("np.concatenate([trend, level], axis=1)"),
    evidence=Errors,
    read=read,
)
