"""Mistake 20: early stopping watches the total loss, and one head overfits.

Keras: `callbacks/early_stopping.py`: it watches one number, `val_loss` unless another is named. `monitor_callback.py`
raises `ValueError` if it has no direction for that number and no `mode` is given.
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import Mistake, Reading, data, number


class Stopped(Measured):
    """The validation loss of `level` in each epoch until the training stopped, and how many epochs were allowed."""

    level_losses: tuple[float, ...]
    allowed: int


OPTIONS = (
    "After `level` has stopped improving",
    "Not at all: it runs through all epochs",
    "While `level` still improves",
)
#: Few, so that the head without a pattern soon overfits.
SAMPLES = 64
#: Patience of the script. If a head's best epoch is one of the last `PATIENCE`, it still improved.
PATIENCE = 3


def read(values: Stopped, printed: str) -> Reading:
    """Whether the loss of `level` still fell when the training stopped."""
    losses = values.level_losses
    best = losses.index(min(losses)) + 1
    finding = (
        f"The training stopped after epoch {len(losses)}. The validation loss of `level` was lowest in epoch {best}, "
        f"at {number(min(losses))}."
    )
    if len(losses) >= values.allowed:
        return Reading(OPTIONS[1], finding, wrong=False)
    early = best > len(losses) - PATIENCE
    return Reading(OPTIONS[2] if early else OPTIONS[0], finding, wrong=early)


def _script(monitor: str) -> str:
    return (
        data(SAMPLES)
        + f"""\
noise = np.random.default_rng(1).normal(size=({SAMPLES}, 1)) * 2  # no pattern

inputs = keras.Input(shape=(4,))
hidden = layers.Dense(64, activation="relu", name="trunk")(inputs)
outputs = [
    layers.Dense(1, name="noise")(hidden),
    layers.Dense(1, name="level")(hidden),
]
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.Adam(0.003), loss=["mse", "mse"])

allowed = 200
stop = keras.callbacks.EarlyStopping(
    monitor="{monitor}", mode="min", patience={PATIENCE}
)
history = model.fit(
    x, [noise, level], epochs=allowed, validation_split=0.5,
    callbacks=[stop], shuffle=False, verbose=0,
).history
level_losses = history["val_level_loss"]
print(f"epochs: {{len(level_losses)}}, val_level_loss {{level_losses[-1]:.4f}}")
"""
    )


MISTAKE = Mistake(
    key="early_stopping",
    number=20,
    title="Early stopping with two heads",
    question="The targets of `noise` have no pattern, so this head can only overfit. `EarlyStopping` watches "
    "`val_loss`. When does the training stop?",
    options=OPTIONS,
    misconceptions=("early-stopping-watches-each-head", "a-total-goes-on-falling-if-one-head-learns", ""),
    ticked=OPTIONS[2],
    broken=_script("val_loss"),
    symptom="The training ends before its last epoch, and a head that could have learned more has not.",
    why="`val_loss` is the total over all heads. `noise` has the larger loss, and on the validation data this loss "
    "rises. So the total rises while `level` still improves. One number cannot say when each head is at its best.",
    remedy='Watch the loss of the head that matters: `monitor="val_level_loss", mode="min"`. Keras knows the '
    "direction of `val_loss`, but not that of a head's loss, and raises an error without `mode`. If each head matters, "
    "keep the weights of each head's best epoch, or train separate models.",
    mended=_script("val_level_loss"),
    evidence=Stopped,
    read=read,
)
