"""Mistake 10: a Python float in a loss is a constant of the traced graph.

Keras calls the loss to build it and again when `fit` traces the train function. Each step then runs the graph
(`backend/tensorflow/trainer.py`, `make_train_function`).
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import RAISES, Mistake, Reading, number, script


class Losses(Measured):
    """The logged loss of `level`, weighted by 1 in the `first` fit and by what should be 0 in the `second`.

    `calls` are the calls of the loss until the end of each fit.
    """

    first: float
    second: float
    calls: tuple[int, int]


OPTIONS = (
    "The new weight, 0, because each step calls the Python function",
    "The old weight, 1, because only the first `fit` calls the Python function",
    RAISES,
)


def read(values: Losses, printed: str) -> Reading:
    """Whether the second fit used the new weight."""
    finding = (
        f"The weighted loss of `level` is {number(values.first)} in the first `fit` and {number(values.second)} in the "
        f"second. The calls of the Python function: {values.calls[0]:,} in the first, "
        f"{values.calls[1] - values.calls[0]:,} in the second."
    )
    new = abs(values.second) < 1e-6
    return Reading(OPTIONS[0] if new else OPTIONS[1], finding, wrong=not new)


def _script(weight: str, change: str) -> str:
    return script(f"""\
weight = {weight}
called = []


def weighted(y_true, y_pred):
    called.append(weight)
    return weight * keras.losses.mean_squared_error(y_true, y_pred)


model.compile(optimizer="sgd", loss=["mse", weighted])
history = model.fit(x, [trend, level], shuffle=False, verbose=0).history
first = history["level_loss"][0]
first_calls = len(called)
{change}
history = model.fit(x, [trend, level], shuffle=False, verbose=0).history
second = history["level_loss"][0]
calls = [first_calls, len(called)]
print(f"loss of level: {{first:.3f}}, then {{second:.3f}}; calls: {{calls}}")
""")


MISTAKE = Mistake(
    key="changing_weight",
    number=10,
    title="A weight that changes between two fits",
    question="`weight` changes from 1 to 0 between two calls of `fit`. Which weight does the second call use?",
    options=OPTIONS,
    misconceptions=("a-graph-follows-python-variables", "", "a-traced-value-may-not-change"),
    ticked=OPTIONS[1],
    broken=_script("1.0", "weight = 0.0"),
    symptom="The second `fit` still uses the old weight, and Keras reports nothing.",
    why="With TensorFlow, when the first `fit` begins, Keras calls the Python function and records its operations as "
    "a graph. The number 1.0 is a constant in that graph. Each step runs the graph and does not call the function, so "
    "nothing reads the new number.",
    remedy="Keep the weight in a `keras.Variable` and change it with `assign`: the graph reads a variable in each "
    "step. Or call `compile` again: then the next `fit` records a new graph.",
    mended=_script("keras.Variable(1.0)", "weight.assign(0.0)"),
    evidence=Losses,
    read=read,
)
