"""Mistake 13: a layer that is frozen between two fits, without `compile`.

Keras: `backend/tensorflow/trainer.py`, `make_train_function` keeps the traced function; `compile` in
`trainers/trainer.py` discards it.
"""

from __future__ import annotations

from backend.questions.base import Measured
from backend.questions.mistakes.base import RAISES, Mistake, Reading, number, script


class Moved(Measured):
    """The largest change of a weight of the trunk in the second fit."""

    moved: float


OPTIONS = (
    "No: a frozen layer keeps its weights",
    RAISES,
    "Yes: the second `fit` trains it as the first did",
)


def read(values: Moved, printed: str) -> Reading:
    """Whether the second fit changed the trunk."""
    finding = f"In the second `fit`, the weights of the trunk changed by at most {number(values.moved)}."
    changed = values.moved != 0
    return Reading(OPTIONS[2] if changed else OPTIONS[0], finding, wrong=changed)


def _script(*lines: str) -> str:
    return script(
        """\
model.compile(optimizer="sgd", loss=["mse", "mse"])
model.fit(x, [trend, level], epochs=2, shuffle=False, verbose=0)

trunk = model.get_layer("trunk")
trunk.trainable = False  # from now on, train the heads alone
""",
        *(f"{line}\n" for line in lines),
        """\
before = trunk.get_weights()
model.fit(x, [trend, level], epochs=2, shuffle=False, verbose=0)
pairs = zip(trunk.get_weights(), before)
moved = max(float(np.abs(now - then).max()) for now, then in pairs)
print(f"largest change of the trunk: {moved:.4f}")
""",
    )


MISTAKE = Mistake(
    key="frozen_trunk",
    number=13,
    title="A trunk that is frozen between two fits",
    question="After the first `fit` the trunk is frozen. Does the second `fit` change its weights?",
    options=OPTIONS,
    misconceptions=("trainable-acts-at-once", "a-change-after-compile-is-refused", ""),
    ticked=OPTIONS[2],
    broken=_script(),
    symptom="A frozen layer goes on learning, although `summary()` counts its weights as non-trainable.",
    why="In the first `fit`, Keras records one training step as a graph, with the variables that are trainable then. "
    "The second `fit` uses the same graph. `compile` discards it, so a layer that is frozen before the first `fit`, or "
    "before a new `compile`, keeps its weights.",
    remedy="Call `compile` again after you set `trainable`.",
    mended=_script('model.compile(optimizer="sgd", loss=["mse", "mse"])  # discards the graph'),
    evidence=Moved,
    read=read,
)
