"""Mistake 21: a list of targets for a model with one output.

Keras: `trainers/compile_utils.py`, `CompileLoss.call`: targets and outputs have to have the same structure.
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import RAISES, Mistake, Reading, data, number


class Errors(Measured):
    """The error of each column for its own target: `own`, as (trend, level)."""

    own: tuple[float, float]


OPTIONS = (
    "The first column learns `trend`, and the second learns `level`",
    RAISES,
    "Both columns learn `trend`, because it comes first",
)
#: A target counts as learned if its error is below this.
_LEARNED = 1e-2


def read(values: Errors, printed: str) -> Reading:
    """Whether each column learned its own target."""
    trend, level = values.own
    finding = f"After training, the error of the first column for `trend` is {number(trend)}, that of the second for "
    finding += f"`level` {number(level)}."
    learned = max(values.own) < _LEARNED
    first = trend < _LEARNED
    return Reading(OPTIONS[0] if learned else OPTIONS[2] if first else None, finding, wrong=not learned)


def _script(y: str) -> str:
    return (
        data()
        + f"""
model = keras.Sequential(
    [keras.Input(shape=(4,)), layers.Dense(8), layers.Dense(2)]
)
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
y = {y}
model.fit(x, y, epochs=30, shuffle=False, verbose=0)

predicted = model.predict(x, verbose=0)
targets = np.hstack([trend, level])
own = np.mean((predicted - targets) ** 2, axis=0).tolist()
print(f"error of trend {{own[0]:.2g}}, of level {{own[1]:.2g}}")
"""
    )


MISTAKE = Mistake(
    key="list_of_targets",
    number=21,
    title="A list of targets for one output",
    question="A model with two heads takes a list of two arrays as its targets. Here, a Sequential model that ends in "
    "`Dense(2)` gets this list. What does `fit` do?",
    options=OPTIONS,
    misconceptions=("a-list-is-joined-into-columns", "", "one-output-takes-the-first-array"),
    ticked=OPTIONS[1],
    broken=_script("[trend, level]"),
    symptom="With the same targets, the model with two heads trains, and this one raises an error.",
    why="Keras compares the structure of `y` with that of the outputs. A list of two arrays fits two outputs. "
    "`Dense(2)` is one output, so it takes one array.",
    remedy="Join the targets into one array with a column for each task.",
    mended=_script("np.hstack([trend, level])"),
    evidence=Errors,
    read=read,
)
