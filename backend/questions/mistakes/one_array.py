"""Mistake 7: one (n, 2) array of targets for two heads.

Keras: `trainers/compile_utils.py`, `CompileLoss._build_nested`, looks for output 0 within the targets, but they are one
array and not a list.
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import HEADS, RAISES, TRUNK, Mistake, Reading, data, number


class Errors(Measured):
    """`own`: the mean squared error of each head against its own column after training."""

    own: tuple[float, float]


OPTIONS = (
    "Each head learns its own column",
    "Each head learns the mean of both columns",
    RAISES,
)
#: A head has learned its column when its mean squared error is below this; the columns have a variance of 2 and 0.25.
_LEARNED = 0.01


def read(values: Errors, printed: str) -> Reading:
    """Whether each head has learned its column."""
    learned = max(values.own) < _LEARNED
    finding = (
        f"After training, the mean squared errors of the heads against their own columns are {number(values.own[0])} "
        f"and {number(values.own[1])}."
    )
    return Reading(OPTIONS[0] if learned else OPTIONS[1], finding, wrong=not learned)


def _script(targets: str) -> str:
    return (
        data()
        + "y = np.concatenate([trend, level], axis=1)  # shape (128, 2)\n"
        + TRUNK
        + HEADS
        + f"""
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
model.fit(x, {targets}, epochs=5, shuffle=False, verbose=0)

pairs = zip(model(x), [trend, level])
own = [float(np.mean((np.asarray(a) - b) ** 2)) for a, b in pairs]
print(f"error of trend: {{own[0]:.2g}}, error of level: {{own[1]:.2g}}")
"""
    )


MISTAKE = Mistake(
    key="one_array",
    number=7,
    title="One array for two heads",
    question="`y` has two columns, and the model has two heads. What does `fit` do?",
    options=OPTIONS,
    misconceptions=("columns-go-to-heads-in-their-order", "one-target-serves-every-head", ""),
    ticked=OPTIONS[2],
    broken=_script("y"),
    symptom="`fit` raises an error about a “path”. The message names neither the shape of `y` nor what to change.",
    why="A model that ends in `Dense(2)` has one output with two columns, and `y` has to be one array. Two heads are "
    "two outputs, and `y` needs an array for each: a list in the order of the outputs, or a dict with the names of the "
    "heads. Keras does not split an array into its columns.",
    remedy="Pass a list with an array for each head, in the order of the outputs.",
    mended=_script("[y[:, :1], y[:, 1:]]"),
    evidence=Errors,
    read=read,
)
