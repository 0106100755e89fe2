"""What becomes of a factor of the loss in a step: optimizers that divide by a gradient's size cancel it, except for ε.

Claim 6 measures it, and Train explains its curves by it.
"""

from __future__ import annotations

from collections.abc import Mapping

from backend.experiment.training import OPTIMIZER_TITLES, Optimizer
from backend.words import short

#: Optimizers whose step is proportional to the gradient.
PROPORTIONAL: tuple[Optimizer, ...] = ("sgd", "momentum")
#: Keras's default in all three.
EPSILON = 1e-7
#: The running size of a gradient that Keras's ε = 10⁻⁷ equals. Adam and AdamW add ε to it; RMSprop adds ε under the
#: root (Keras 3.15, `optimizers/adam.py` and `optimizers/rmsprop.py`).
FLOORS: Mapping[Optimizer, float] = {"adam": EPSILON, "adamw": EPSILON, "rmsprop": EPSILON**0.5}
#: Predictions that differ by at most this share of what training changed count as trained alike.
ALIKE = 0.03


def divides(optimizer: Optimizer) -> str:
    """What an optimizer that is not proportional does with a factor of the loss, in two sentences."""
    floor = short(FLOORS[optimizer], 1).removeprefix("1 × ")
    plus = f"ε = {floor}" if FLOORS[optimizer] == EPSILON else f"ε (under the root, where it acts like {floor})"
    return (
        f"{OPTIMIZER_TITLES[optimizer]} divides each gradient by its running size plus {plus}. This cancels the factor "
        f"while that size is much larger than {floor}, but not otherwise."
    )
