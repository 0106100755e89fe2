"""The selectable optimizers. A new one is one entry: pages, exports, the trainer and claim 6 read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from backend.words import listed, short


@dataclass(frozen=True)
class Entry:
    """An optimizer: its name in a sentence, Keras's class, and Keras's default rate.

    `floor` says what it does with a constant factor of the loss. None: each step is proportional to the gradient. 0: it
    moves each number by the learning rate times a sign, which may be 0 (Keras 3.15, `optimizers/lion.py`). Otherwise it
    divides each number of a gradient by its running size, which ε keeps at `floor` or above: Adam and AdamW add ε to
    the size, RMSprop adds it under the root (`optimizers/adam.py` and `optimizers/rmsprop.py`).

    `arguments` are the source of what else the class gets. `menu` is its name in a menu, if that says more than the
    title.
    """

    title: str
    keras: str
    default_rate: float
    floor: float | None = None
    arguments: str = ""
    menu: str = ""

    def source(self, rate: object) -> str:
        """The optimizer as Keras source, with the learning rate as Python writes it. The worker evaluates this text."""
        return f"keras.optimizers.{self.keras}(learning_rate={rate}{self.arguments})"

    @property
    def in_menu(self) -> str:
        """Its name in a menu."""
        return self.menu or self.title

    @property
    def why_cancelled(self) -> str:
        """Why a factor of the loss has little or no effect on a step, as part of a sentence; empty if it has one."""
        if self.floor is None:
            return ""
        does = "divides each gradient by its running size" if self.floor else "uses only the sign of averaged gradients"
        return f"{self.title} {does}"

    @property
    def on_a_factor(self) -> str:
        """What becomes of a factor of the loss in a step, in sentences."""
        if self.floor is None:
            return f"{self.title} takes correspondingly longer steps."
        if not self.floor:
            return f"{self.why_cancelled} (0 behind a dead ReLU). This cancels the factor up to round-off."
        floor = short(self.floor, 1).removeprefix("1 × ")
        return (
            f"{self.why_cancelled}, which ε keeps from falling below {floor}. This cancels the factor while that size "
            "is much larger, but not otherwise."
        )

    def with_a_factor(self, times: str) -> str:
        """What the optimizer does with a loss that is `times` as large, as a part of a sentence."""
        if self.floor is None:
            return f"{self.title}'s steps become {times} times as long"
        return f"{self.title} {'mostly ' if self.floor else ''}cancels this"

    def in_short(self, side: str, times: str) -> str:
        """What a loss that is `times` as large does to the steps of that `side`, as the end of a sentence."""
        if self.floor is None:
            return f"{side}'s steps are {times} times as long from the same weights"
        return f"this {'hardly changes a step, unless gradients are tiny' if self.floor else 'changes no step'}"


#: Keras's ε.
_EPSILON = 1e-7
#: Every optimizer by its name in links, in the order of the menu.
OPTIMIZERS: dict[str, Entry] = {
    "sgd": Entry("SGD", "SGD", 0.01),
    "momentum": Entry("SGD with momentum", "SGD", 0.01, None, ", momentum=0.9", "SGD + momentum 0.9"),
    "adam": Entry("Adam", "Adam", 0.001, _EPSILON),
    "adamw": Entry("AdamW", "AdamW", 0.001, _EPSILON),
    "rmsprop": Entry("RMSprop", "RMSprop", 0.001, _EPSILON**0.5),
    "lion": Entry("Lion", "Lion", 0.001, 0.0),
}

#: Measurements that fix the rule use Adam, or SGD without momentum, which Keras calls SGD, too.
RULES = {"adam": OPTIMIZERS["adam"].title, "sgd": "plain SGD"}


def default_rates() -> str:
    """Keras's default learning rate of each optimizer, in a sentence."""
    by_rate: dict[float, list[str]] = {}
    for each in OPTIMIZERS.values():
        by_rate.setdefault(each.default_rate, []).append(each.title)
    return "Keras's default is " + "; ".join(f"{rate:g} for {listed(titles)}" for rate, titles in by_rate.items()) + "."


if TYPE_CHECKING:
    Optimizer = str
else:
    Optimizer = Literal[tuple(OPTIMIZERS)]
