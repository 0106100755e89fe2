"""Mistake 1: loss weights by name beside losses in a list are bound in alphabetical order.

Keras: `trainers/compile_utils.py:620-629` flattens the dict of weights, which sorts its keys, and packs the values into
the list of losses.
"""

from __future__ import annotations

from backend.questions.mistakes.base import (
    PRINT_LOSSES,
    RAISES,
    History,
    Mistake,
    Reading,
    fit,
    is_close,
    number,
    script,
)

OPTIONS = (
    "Keras minimizes the loss of `trend`",
    "Keras minimizes the loss of `level`",
    "Keras minimizes the sum of both losses",
    RAISES,
)


def read(values: History, printed: str) -> Reading:
    """Which loss the total is."""
    total, trend, level = (values.last(name) for name in ("loss", "trend_loss", "level_loss"))
    finding = (
        f"The total loss is {number(total)}. The loss of `trend` is {number(trend)}, that of `level` {number(level)}."
    )
    totals = {OPTIONS[0]: trend, OPTIONS[1]: level, OPTIONS[2]: trend + level}
    answer = next((option for option, loss in totals.items() if is_close(total, loss)), None)
    return Reading(answer, finding, wrong=answer != OPTIONS[0])


MISTAKE = Mistake(
    key="weights_by_name",
    number=1,
    title="Loss weights by name",
    question="`trend` has the weight 1 and `level` has the weight 0. What does Keras do?",
    options=OPTIONS,
    misconceptions=(
        "weights-follow-the-order-of-the-code",
        "",
        "a-weight-of-0-is-ignored",
        "names-in-another-order-are-refused",
    ),
    ticked=OPTIONS[1],
    broken=script(
        'weights = {"trend": 1.0, "level": 0.0}\n',
        'model.compile(optimizer="sgd", loss=["mse", "mse"], loss_weights=weights)\n',
        fit(),
        PRINT_LOSSES,
    ),
    symptom="Keras trains the wrong head and reports nothing.",
    why="The losses are a list, and the weights are a dict. Keras turns the dict into a list in the alphabetical order "
    "of its keys: `level`, `trend`. The model's outputs are in another order: `trend`, `level`. So each weight goes to "
    "the wrong head.",
    remedy="Write losses and weights in the same form: both as a dict by name, or both as a list in the order of the "
    "outputs.",
    mended=script(
        'weights = {"trend": 1.0, "level": 0.0}\n',
        'losses = {"trend": "mse", "level": "mse"}\n',
        'model.compile(optimizer="sgd", loss=losses, loss_weights=weights)\n',
        fit(),
        PRINT_LOSSES,
    ),
    evidence=History,
    read=read,
)
