"""Mistake 12: one array of sample weights, meant for one of two heads.

Keras: `trainers/data_adapters/array_data_adapter.py`: one array of sample weights is used for every output.
"""

from __future__ import annotations

from backend.questions.mistakes.base import (
    HEADS,
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
    "To both heads",
    "To the first head alone, `trend`",
    "To the last head alone, `level`",
    RAISES,
)


def read(values: Weighted, printed: str) -> Reading:
    """Whether the weights of `known` apply to `trend`."""
    trend = values.last("trend_loss")
    finding = (
        f"`fit` logs {number(trend)} as the loss of `trend`. With the weights it is {number(values.weighted)} before "
        f"training, without them {number(values.plain)}."
    )
    if is_close(trend, values.plain):
        return Reading(OPTIONS[2], finding, wrong=False)
    return Reading(OPTIONS[0] if is_close(trend, values.weighted) else None, finding, wrong=True)


def _script(weights: str) -> str:
    return (
        data(ONE_BATCH)
        + 'known = (np.arange(len(x)) % 4 == 0).astype("float32")\n'
        + "level[known == 0] = 0.0  # these labels are missing\n"
        + TRUNK
        + HEADS
        + """
# To compare: the loss of `trend` before training
errors = np.mean((np.asarray(model(x)[0]) - trend) ** 2, axis=1)
plain, weighted = float(np.mean(errors)), float(np.mean(known * errors))

model.compile(optimizer="sgd", loss=["mse", "mse"])
"""
        + f"weights = {weights}\n"
        + fit("[trend, level]", "sample_weight=weights")
        + PRINT_LOSSES
        + 'print(f"loss of trend: plain {plain:.3f}, weighted {weighted:.3f}")\n'
    )


MISTAKE = Mistake(
    key="sample_weight",
    number=12,
    title="Sample weights for one head",
    question="Only a quarter of the labels of `level` are known. `known` is 1 for those samples and 0 for the others. "
    "To which heads does `sample_weight` apply?",
    options=OPTIONS,
    misconceptions=(
        "",
        "one-array-belongs-to-the-first-head",
        "weights-follow-their-labels",
        "keras-needs-an-array-for-each-head",
    ),
    ticked=OPTIONS[0],
    broken=_script("known"),
    symptom="`trend` learns from a quarter of its labels, and Keras reports nothing.",
    why="`fit` takes one array of weights for each output. If it gets one array alone, it uses it for every output. So "
    "the samples without a label of `level` count for neither head.",
    remedy="Give a list with one array for each head, here with ones for `trend`.",
    mended=_script("[np.ones(len(x)), known]"),
    evidence=Weighted,
    read=read,
)
