"""Mistake 18: a loss weight that undoes the unit of a target, for a squared error.

If targets are c times as large, mse is c² times as large (and so is its gradient at outputs in the same unit).
"""

from __future__ import annotations

from backend.questions.mistakes.base import ONE_BATCH, PRINT_LOSSES, TRUNK, History, Mistake, Reading, data, fit, number

OPTIONS = (
    "About a hundredth of that of `m`",
    "About as large as that of `m`",
    "About ten times as large as that of `m`",
    "About a hundred times as large as that of `m`",
)


def read(values: History, printed: str) -> Reading:
    """The weighted loss of `cm`, divided by the loss of `m`. The former is the total loss minus the loss of `m`."""
    metres = values.last("m_loss")
    ratio = (values.last() - metres) / metres if metres else float("nan")
    finding = f"The weighted loss of `cm` is {number(ratio)} times as large as that of `m`."
    near = [abs(ratio - expected) < 0.1 * expected for expected in (0.01, 1, 10, 100)]
    return Reading(next((o for o, is_near in zip(OPTIONS, near, strict=True) if is_near), None), finding, not near[1])


def _script(weight: str) -> str:
    return (
        data(ONE_BATCH)
        + "metres, centimetres = trend, 100 * trend\n"
        + TRUNK
        + """\
outputs = [
    layers.Dense(1, kernel_initializer="zeros", name="m")(hidden),
    layers.Dense(1, kernel_initializer="zeros", name="cm")(hidden),
]
model = keras.Model(inputs, outputs)

"""
        + f"""\
weights = [1, {weight}]
model.compile(optimizer="sgd", loss=["mse", "mse"], loss_weights=weights)
"""
        + fit("[metres, centimetres]")
        + PRINT_LOSSES
        + """\
weighted = history["loss"][0] - history["m_loss"][0]
print(f"weighted loss of cm: {weighted:.3f}")
"""
    )


MISTAKE = Mistake(
    key="loss_units",
    number=18,
    title="A loss weight for another unit",
    question="Both heads predict the same length, one in metres and one in centimetres. The loss of `cm` has the "
    "weight 1/100. How large is its weighted loss before the first step?",
    options=OPTIONS,
    misconceptions=(
        "a-weight-is-squared",
        "a-loss-grows-as-its-target-does",
        "a-squared-error-grows-as-the-root",
        "",
    ),
    ticked=OPTIONS[3],
    broken=_script("1 / 100"),
    symptom="The head with the larger numbers still decides what the shared layers learn.",
    why="`mse` is a square. If a target is 100 times as large, its error is 100 times as large, and the square of it "
    "10,000 times. So a weight of 1/100 leaves a factor of 100. With `mae`, 1/100 would be right.",
    remedy="Weight a squared error with the square of the factor between the units, here 1/10,000. Or bring the "
    "targets to the same scale before `fit`, which also suits the initial weights of the head.",
    mended=_script("1 / 10_000"),
    evidence=History,
    read=read,
)
