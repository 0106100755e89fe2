"""Mistake 19: one activation over the columns of two tasks.

Keras: `activations/activations.py`, `softmax` divides by the sum over the last axis, so over the tasks.
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import RAISES, Mistake, Reading, data, number


class Predicted(Measured):
    """What the trained model predicts for each task, averaged over the samples in which both answers are yes."""

    both: tuple[float, float]


OPTIONS = (
    "Near 1 for both",
    "Near 1 for neither",
    "Near 1 for `rises`, near 0 for `positive`",
    RAISES,
)


def read(values: Predicted, printed: str) -> Reading:
    """What the model predicts for samples in which both answers are yes."""
    rises, positive = values.both
    finding = (
        f"Where both answers are yes, the model predicts {number(rises)} for `rises` and {number(positive)} for "
        "`positive` on average."
    )
    if min(values.both) > 0.8:
        return Reading(OPTIONS[0], finding, wrong=False)
    neither = max(values.both) <= 0.8
    return Reading(OPTIONS[1] if neither else OPTIONS[2] if rises > 0.8 else None, finding, wrong=True)


def _script(activation: str) -> str:
    return (
        data()
        + f"""\
rises, positive = trend > 0, level > 0
y = np.hstack([rises, positive]).astype("float32")

inputs = keras.Input(shape=(4,))
hidden = layers.Dense(8, activation="relu", name="trunk")(inputs)
outputs = layers.Dense(2, activation="{activation}")(hidden)
model = keras.Model(inputs, outputs)

adam = keras.optimizers.Adam(0.03)
model.compile(optimizer=adam, loss="binary_crossentropy")
model.fit(x, y, epochs=40, shuffle=False, verbose=0)

yes = (rises & positive)[:, 0]
both = model.predict(x[yes], verbose=0).mean(axis=0).tolist()
print(f"both are yes: rises {{both[0]:.2f}}, positive {{both[1]:.2f}}")
"""
    )


MISTAKE = Mistake(
    key="shared_softmax",
    number=19,
    title="One activation for two yes-or-no tasks",
    question="`rises` and `positive` are two yes-or-no tasks, and the model learns both as columns of one output. "
    "Sometimes both answers are yes. What does the trained model predict there?",
    options=OPTIONS,
    misconceptions=(
        "softmax-works-by-column",
        "",
        "the-first-column-wins",
        "softmax-refuses-two-targets-of-1",
    ),
    ticked=OPTIONS[1],
    broken=_script("softmax"),
    symptom="The model never predicts yes for both tasks with confidence, and its loss stays far above 0.",
    why="`softmax` divides by the sum over all columns of the output, so the two answers always add up to 1. That is "
    "right for classes that exclude each other. Two yes-or-no tasks do not exclude each other.",
    remedy="Use `sigmoid`, which treats each column by itself. For tasks that need different activations, give each "
    "task its own head.",
    mended=_script("sigmoid"),
    evidence=Predicted,
    read=read,
)
