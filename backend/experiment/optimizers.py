"""The selectable optimizers. A new one is one entry: pages, exports, the trainer and claim 6 read it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from backend.words import listed, short


class Scaling(ABC):
    """What an optimizer does with a constant factor of the loss, in words. `title` is the name of the optimizer."""

    @abstractmethod
    def sentences(self, title: str) -> str:
        """What becomes of the factor in a step."""

    @abstractmethod
    def in_short(self, side: str, times: str) -> str:
        """What a loss that is `times` as large does to the steps of that `side`, as the end of a sentence."""


@dataclass(frozen=True)
class Proportional(Scaling):
    """Each step is proportional to the gradient."""

    def sentences(self, title: str) -> str:
        """The steps are longer."""
        return f"{title} takes correspondingly longer steps."

    def in_short(self, side: str, times: str) -> str:
        """The steps are `times` times as long."""
        return f"{side}'s steps are {times} times as long from the same weights"


class Cancels(Scaling):
    """The factor has little or no effect on a step."""

    @abstractmethod
    def clause(self, title: str) -> str:
        """Why the factor has no effect, as part of a sentence."""


@dataclass(frozen=True)
class Divides(Cancels):
    """Divides each number of a gradient by its running size plus ε, which is negligible above `floor`.

    Keras's ε is 10⁻⁷. Adam and AdamW add it to the size, RMSprop adds it `under_the_root` (Keras 3.15,
    `optimizers/adam.py` and `optimizers/rmsprop.py`).
    """

    epsilon: float = 1e-7
    under_the_root: bool = False

    @property
    def floor(self) -> float:
        """The running size that ε equals."""
        return self.epsilon**0.5 if self.under_the_root else self.epsilon

    def clause(self, title: str) -> str:
        """The division cancels the factor."""
        return f"{title} divides each gradient by its running size"

    def sentences(self, title: str) -> str:
        """The factor is cancelled as far as ε allows."""
        floor = short(self.floor, 1).removeprefix("1 × ")
        plus = f"ε (under the root, where it acts like {floor})" if self.under_the_root else f"ε = {floor}"
        return (
            f"{title} divides each gradient by its running size plus {plus}. This cancels the factor while that size "
            f"is much larger than {floor}, but not otherwise."
        )

    def in_short(self, side: str, times: str) -> str:
        """Nothing, as far as ε allows."""
        return "this hardly changes a step, unless gradients are tiny"


@dataclass(frozen=True)
class Sign(Cancels):
    """Moves each number by the learning rate times a sign, which may be 0 (Keras 3.15, `optimizers/lion.py`)."""

    def clause(self, title: str) -> str:
        """A factor changes no sign."""
        return f"{title} uses only the sign of each averaged gradient"

    def sentences(self, title: str) -> str:
        """The factor is cancelled up to round-off."""
        return (
            f"{title} moves each weight by the learning rate times the sign of its averaged gradient, which is 0 "
            "behind a dead ReLU. A factor changes no sign, so this cancels it up to round-off."
        )

    def in_short(self, side: str, times: str) -> str:
        """Nothing."""
        return "this changes no step, because only signs count"


@dataclass(frozen=True)
class Entry:
    """An optimizer: its name in a sentence, Keras's class, Keras's default rate, and what it does with a factor.

    `arguments` are the source of what else the class gets. `menu` is its name in a menu, if that says more than the
    title.
    """

    title: str
    keras: str
    default_rate: float
    scaling: Scaling
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
    def on_a_factor(self) -> str:
        """What becomes of a factor of the loss in a step, in sentences."""
        return self.scaling.sentences(self.title)


#: Every optimizer by its name in links, in the order of the menu.
OPTIMIZERS: dict[str, Entry] = {
    "sgd": Entry("SGD", "SGD", 0.01, Proportional()),
    "momentum": Entry("SGD with momentum", "SGD", 0.01, Proportional(), ", momentum=0.9", "SGD + momentum 0.9"),
    "adam": Entry("Adam", "Adam", 0.001, Divides()),
    "adamw": Entry("AdamW", "AdamW", 0.001, Divides()),
    "rmsprop": Entry("RMSprop", "RMSprop", 0.001, Divides(under_the_root=True)),
    "lion": Entry("Lion", "Lion", 0.001, Sign()),
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
