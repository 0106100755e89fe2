"""Mistake 5: missing labels as NaN, with a sample weight of 0.

Keras: `losses/loss.py:190`, `reduce_weighted_values`, multiplies the loss of each sample by its weight. NaN × 0 is NaN.
"""

from __future__ import annotations

from backend.questions.mistakes.base import PRINT_LOSSES, RAISES, History, Mistake, Reading, fit, number, script


class Evidence(History):
    """`nan_layers`: the names of the layers with a weight that is NaN after training."""

    nan_layers: tuple[str, ...]


OPTIONS = (
    "The missing labels have no effect, and both heads learn",
    "The loss of `level` becomes NaN, and `trend` learns",
    "All weights become NaN, including those of `trend`",
    RAISES,
)


def read(values: Evidence, printed: str) -> Reading:
    """Which losses and layers became NaN."""
    trend, level = values.last("trend_loss"), values.last("level_loss")
    layers = ", ".join(f"`{name}`" for name in values.nan_layers) or "none"
    finding = (
        f"The loss of `trend` is {'NaN' if trend != trend else number(trend)}, that of `level` "
        f"{'NaN' if level != level else number(level)}. Layers with NaN weights: {layers}."
    )
    if "trend" in values.nan_layers:
        return Reading(OPTIONS[2], finding, wrong=True)
    spoilt = level != level or bool(values.nan_layers)
    return Reading(OPTIONS[1] if spoilt else OPTIONS[0], finding, wrong=spoilt)


_MISSING = """\
level[::2] = np.nan  # half of the labels are missing
known = np.where(np.isnan(level[:, 0]), 0.0, 1.0)
weights = [np.ones(len(x)), known]
"""
_AFTER = """\
nan_layers = [
    layer.name
    for layer in model.layers
    if any(np.isnan(array).any() for array in layer.get_weights())
]
print("layers with NaN weights:", nan_layers)
"""
_COMPILE = 'model.compile(optimizer="sgd", loss=["mse", "mse"])\n'
_FIT = fit("[trend, level]", "sample_weight=weights", "epochs=5")

MISTAKE = Mistake(
    key="nan_labels",
    number=5,
    title="Missing labels with weight 0",
    question="Half of the labels of `level` are missing. They are NaN and have the sample weight 0. What happens?",
    options=OPTIONS,
    misconceptions=("weight-0-removes-a-sample", "a-loss-touches-its-own-head-only", "", "keras-looks-for-nan"),
    ticked=OPTIONS[2],
    broken=script(_MISSING, _COMPILE, _FIT, PRINT_LOSSES, _AFTER),
    symptom="Every loss is NaN from the first epoch on, also that of the head with complete labels.",
    why="Keras computes the loss of each sample and then multiplies it by the sample weight. NaN × 0 is NaN, so the "
    "total loss and its gradient are NaN. The gradient reaches the layers that both heads share. Then `trend` computes "
    "its output from NaN, and its weights become NaN, too.",
    remedy="Replace each NaN by 0 before `fit`. With weight 0, the label then has no effect.",
    mended=script(_MISSING, "level = np.nan_to_num(level)\n", _COMPILE, _FIT, PRINT_LOSSES, _AFTER),
    evidence=Evidence,
    read=read,
)
