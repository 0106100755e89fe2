"""Mistake 6: `class_weight` for a model with several outputs.

Keras: `trainers/data_adapters/array_data_adapter.py:69` refuses it if `y` is nested.
"""

from __future__ import annotations

from backend.questions.mistakes.base import (
    ONE_BATCH,
    PRINT_LOSSES,
    RAISES,
    TRUNK,
    Mistake,
    Reading,
    Weighted,
    data,
    fit,
    is_close,
    number,
)

OPTIONS = (
    "Keras weights the classes of `rises` and leaves `level` as it is",
    "Keras ignores `class_weight`, because `level` has no classes",
    RAISES,
)


def read(values: Weighted, printed: str) -> Reading:
    """Whether the loss of `rises` is the one with class 1 counted 5 times."""
    rises = values.last("rises_loss")
    finding = (
        f"`fit` logs {number(rises)} as the loss of `rises`. With the class weights it is {number(values.weighted)} at "
        f"the initial weights, without them {number(values.plain)}."
    )
    answer = OPTIONS[0] if is_close(rises, values.weighted) else OPTIONS[1] if is_close(rises, values.plain) else None
    return Reading(answer, finding, wrong=answer != OPTIONS[0])


def _script(weights: str, option: str) -> str:
    return (
        data(ONE_BATCH)
        + 'rises = (trend > 0).astype("float32")  # class 1 or 0\n'
        + TRUNK
        + f"""\
outputs = [
    layers.Dense(1, activation="sigmoid", name="rises")(hidden),
    layers.Dense(1, name="level")(hidden),
]
model = keras.Model(inputs, outputs)

# To compare: the loss before training, plain and with class 1 counted 5 times
errors = keras.losses.binary_crossentropy(rises, model(x)[0])
counts = np.where(rises[:, 0] == 1, 5.0, 1.0)
plain, weighted = float(np.mean(errors)), float(np.mean(counts * errors))

{weights}model.compile(optimizer="sgd", loss=["binary_crossentropy", "mse"])
"""
        + fit("[rises, level]", option)
        + PRINT_LOSSES
        + 'print(f"loss of rises: plain {plain:.3f}, weighted {weighted:.3f}")\n'
    )


MISTAKE = Mistake(
    key="class_weight",
    number=6,
    title="class_weight with two heads",
    question="`rises` has the classes 0 and 1, `level` is a number. What does `class_weight` do?",
    options=OPTIONS,
    misconceptions=("class-weights-go-to-the-head-with-classes", "an-option-that-does-not-fit-is-ignored", ""),
    ticked=OPTIONS[2],
    broken=_script("class_weight = {0: 1.0, 1: 5.0}\n", "class_weight=class_weight"),
    symptom="`fit` raises an error.",
    why="`class_weight` names classes and no head. With several outputs, Keras cannot know which head it is for, so it "
    "accepts it only for a model with one output.",
    remedy="Write the weight of each sample yourself, and pass an array for each head as `sample_weight`.",
    mended=_script("weights = [counts, np.ones(len(x))]\n", "sample_weight=weights"),
    evidence=Weighted,
    read=read,
)
