"""Mistake 4: the head losses that `fit` logs, added up, are not the total loss.

Keras: `backend/tensorflow/trainer.py:69` weights the total of each batch by the number of its samples.
`trainers/compile_utils.py`, `CompileLoss.call`, weights a head's loss by the static batch size, which is unknown in the
traced graph, so that every batch counts the same.
"""

from __future__ import annotations

from backend.questions.mistakes.base import (
    HEADS,
    PRINT_LOSSES,
    TRUNK,
    History,
    Mistake,
    Reading,
    data,
    fit,
    is_close,
    number,
)

SAMPLES, BATCH, FULL_BATCH = 100, 32, 25
OPTIONS = (
    "Yes: the total is the sum of the head losses",
    "No: the total is the mean of the head losses",
    "No: the total and the head losses are averaged over the batches in different ways",
)


def read(values: History, printed: str) -> Reading:
    """Whether the head losses add up to the total."""
    total, trend, level = (values.last(name) for name in ("loss", "trend_loss", "level_loss"))
    added = trend + level
    finding = f"`loss` is {number(total)}. `trend_loss` + `level_loss` is {number(added)}."
    answer = OPTIONS[0] if is_close(total, added) else OPTIONS[1] if is_close(total, added / 2) else OPTIONS[2]
    return Reading(answer, finding, wrong=answer != OPTIONS[0])


def _script(batch: int) -> str:
    return (
        data(SAMPLES)
        + TRUNK
        + HEADS
        + '\nmodel.compile(optimizer="sgd", loss=["mse", "mse"])\n'
        + fit("[trend, level]", f"batch_size={batch}")
        + PRINT_LOSSES
        + """\
added = history["trend_loss"][0] + history["level_loss"][0]
print(f"sum of the head losses: {added:.3f}")
"""
    )


MISTAKE = Mistake(
    key="history",
    number=4,
    title="The head losses in History",
    question="In the history that `fit` returns, is `loss` equal to `trend_loss` + `level_loss`?",
    options=OPTIONS,
    misconceptions=("a-total-is-a-sum-of-its-parts", "several-losses-are-averaged", ""),
    ticked=OPTIONS[2],
    broken=_script(BATCH),
    symptom="The numbers that `fit` logs contradict each other, and nothing in the training is wrong.",
    why=f"{SAMPLES} samples give three batches of {BATCH} and a last batch of {SAMPLES % BATCH}. For the total loss, "
    "Keras weights each batch by its number of samples. For the head losses it would do the same, but TensorFlow's "
    "graph does not know the size of a batch. So all batches count the same, and the last "
    f"{SAMPLES % BATCH} samples count as much as {BATCH} others. With JAX or PyTorch, Keras knows the size, and the "
    "losses add up.",
    remedy=f"Choose a batch size that divides the number of samples, here {FULL_BATCH}. The training itself was not "
    "wrong.",
    mended=_script(FULL_BATCH),
    evidence=History,
    read=read,
)
