"""Mistake 8: `summary()` after `fit` counts the optimizer's variables.

Keras: `utils/summary_utils.py:335-344` adds the variables of a built optimizer to "Total params".
"""

from __future__ import annotations

import re

from backend.questions.base import Measured
from backend.questions.mistakes.base import Mistake, Reading

_TOTAL = re.compile(r"Total params: ([\d,]+)")


class Counts(Measured):
    """The network's `weights` and the variables of the `optimizer`, counted one by one."""

    weights: int
    optimizer: int


OPTIONS = (
    "The parameters of the network",
    "The parameters of the network and their gradients",
    "The parameters of the network and the numbers that the optimizer keeps",
)


def read(values: Counts, printed: str) -> Reading:
    """What the printed total counts. The mended script prints no summary, but the network's parameter count alone."""
    match = _TOTAL.search(printed)
    if match is None:
        return Reading(OPTIONS[0], f"`count_params()` gives {values.weights:,}.", wrong=False)
    total = int(match[1].replace(",", ""))
    finding = (
        f"`summary()` shows {total:,}. The network has {values.weights:,} parameters, and the optimizer keeps "
        f"{values.optimizer:,} numbers of its own."
    )
    totals = (values.weights, 2 * values.weights, values.weights + values.optimizer)
    answer = next((option for option, count in zip(OPTIONS, totals, strict=True) if count == total), None)
    return Reading(answer, finding, wrong=answer != OPTIONS[0])


def _script(*lines: str) -> str:
    return (
        """\
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(32, 10, 2)).astype("float32")
trend = x[:, -1, :1] - x[:, 0, :1]
level = x[:, :, 0].mean(axis=1, keepdims=True)

inputs = keras.Input(shape=(10, 2))
hidden = layers.Dense(8)(layers.LSTM(32)(inputs))
outputs = [
    layers.Dense(1, name="trend")(hidden),
    layers.Dense(1, name="level")(hidden),
]
model = keras.Model(inputs, outputs)

model.compile(optimizer="adam", loss=["mse", "mse"])
model.fit(x, [trend, level], verbose=0)
"""
        + "\n".join(lines)
        + """
# To compare: how many numbers the network and the optimizer have
weights, optimizer = (
    sum(int(np.prod(variable.shape)) for variable in variables)
    for variables in (model.weights, model.optimizer.variables)
)
"""
    )


MISTAKE = Mistake(
    key="summary",
    number=8,
    title="summary() after fit",
    question="The model was trained with Adam before `summary()`. What does “Total params” count?",
    options=OPTIONS,
    misconceptions=("summary-counts-the-network-only", "gradients-are-kept-as-weights", ""),
    ticked=OPTIONS[2],
    broken=_script("model.summary()", ""),
    symptom="After training, the same model seems to have three times as many parameters as before.",
    why="For each weight, Adam keeps two averages. It also keeps a step count and its learning rate. As soon as `fit` "
    "has created these variables, `summary()` adds them to “Total params” and lists them as “Optimizer params”. The "
    "network is the same: “Trainable params” has not changed.",
    remedy="Compare “Trainable params”, call `summary()` before `fit`, or call `count_params()`, which never counts "
    "the optimizer.",
    mended=_script('print(f"{model.count_params():,} parameters")', ""),
    evidence=Counts,
    read=read,
)
