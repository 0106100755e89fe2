"""Mistake 2: one loss for all heads beside a weight for each.

Keras: `trainers/compile_utils.py:620-628` compares the losses with the weights before it copies a single loss to every
output (`map_structure`, further down in the same `build`).
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
    "Keras uses `mse` for both heads and applies the weights",
    "Keras uses `mse` for both heads and ignores the weights",
    RAISES,
)


def read(values: History, printed: str) -> Reading:
    """Whether the weights are in the total."""
    total, trend, level = (values.last(name) for name in ("loss", "trend_loss", "level_loss"))
    weighted = 0.75 * trend + 0.25 * level
    finding = (
        f"The total loss is {number(total)}, and 0.75 × {number(trend)} + 0.25 × {number(level)} = {number(weighted)}."
    )
    answer = OPTIONS[0] if is_close(total, weighted) else OPTIONS[1] if is_close(total, trend + level) else None
    return Reading(answer, finding, wrong=answer != OPTIONS[0])


MISTAKE = Mistake(
    key="one_loss",
    number=2,
    title="One loss and two weights",
    question='What does `fit` do with `loss="mse"` and two loss weights?',
    options=OPTIONS,
    misconceptions=("one-name-stands-for-every-head", "weights-need-a-list-of-losses-to-count", ""),
    ticked=OPTIONS[2],
    broken=script('model.compile(optimizer="sgd", loss="mse", loss_weights=[0.75, 0.25])\n', fit(), PRINT_LOSSES),
    symptom="`compile` accepts the arguments. `fit` raises an error.",
    why='Without weights, Keras would use `loss="mse"` for both heads. With weights, it first compares the number of '
    "losses with the number of weights: 1 and 2. It does this only in `fit`, when it knows the outputs.",
    remedy="Write a loss for each head.",
    mended=script(
        'model.compile(optimizer="sgd", loss=["mse", "mse"], loss_weights=[0.75, 0.25])\n', fit(), PRINT_LOSSES
    ),
    evidence=History,
    read=read,
)
