"""Mistake 17: an operation that loses the mask of padded sequences.

Keras: `layers/pooling/global_average_pooling1d.py` takes the mask into account; an operation of `keras.ops` does not.
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import Mistake, Reading, number


class Changes(Measured):
    """The largest change of each head's outputs if the same sequences are padded further."""

    last: float
    average: float


OPTIONS = (
    "Neither: `Masking` hides the padding from all layers behind it",
    "Only that of `average`",
    "Only that of `last`",
    "Both",
)
#: Round-off of outputs near 1 in float32, with room.
_ROUND_OFF = 1e-5


def read(values: Changes, printed: str) -> Reading:
    """Which heads see the padding."""
    finding = (
        f"With more padding the output of `last` changes by at most {number(values.last)}, that of `average` by "
        f"at most {number(values.average)}."
    )
    last, average = (not change <= _ROUND_OFF for change in (values.last, values.average))
    answer = {(False, False): OPTIONS[0], (False, True): OPTIONS[1], (True, False): OPTIONS[2]}
    return Reading(answer.get((last, average), OPTIONS[3]), finding, wrong=last or average)


def _script(pooled: str) -> str:
    return f"""\
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)
x = np.random.default_rng(0).normal(size=(32, 5, 2)).astype("float32")

inputs = keras.Input(shape=(None, 2))
masked = layers.Masking()(inputs)  # hides timesteps that are all 0
hidden = layers.LSTM(8, return_sequences=True, name="trunk")(masked)
pooled = {pooled}
outputs = [
    layers.Dense(1, name="last")(layers.LSTM(4)(hidden)),
    layers.Dense(1, name="average")(pooled),
]
model = keras.Model(inputs, outputs)


def padded(timesteps):
    return np.pad(x, [(0, 0), (0, timesteps - x.shape[1]), (0, 0)])


last, average = (
    float(np.abs(np.asarray(a) - np.asarray(b)).max())
    for a, b in zip(model(padded(8)), model(padded(20)))
)
print(f"largest change: last {{last:.4f}}, average {{average:.4f}}")
"""


MISTAKE = Mistake(
    key="lost_mask",
    number=17,
    title="Padded sequences and two heads",
    question="Sequences of 5 timesteps are padded with zeros, first to 8 timesteps and then to 20. Which head's output "
    "changes?",
    options=OPTIONS,
    misconceptions=(
        "a-mask-reaches-every-operation",
        "",
        "only-the-last-timestep-sees-padding",
        "masking-changes-nothing",
    ),
    ticked=OPTIONS[1],
    broken=_script("keras.ops.mean(hidden, axis=1)"),
    symptom="One head predicts another number for the same sequence if its batch contains a longer one.",
    why="`Masking` computes a mask of the padded timesteps. The LSTM layers support masks: they skip those timesteps, "
    "and the first one passes the mask on. `keras.ops.mean` is an operation without masks, so it averages over the "
    "padding, too.",
    remedy="Use a layer that supports masks: `GlobalAveragePooling1D` averages over the timesteps that are not padded.",
    mended=_script("layers.GlobalAveragePooling1D()(hidden)"),
    evidence=Changes,
    read=read,
)
