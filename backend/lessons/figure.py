"""What a figure is: a measured number or word that an `expect` may name."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from backend.experiment import Experiment

Kind = Literal["run", "gradients", "claim", "topology", "question", "compass"]
#: What has to be measured for a figure: a run; the gradients of the heads in a run; by its key the evidence of a claim
#: or of a question on the page `lab`, or the inspection of a topology; nothing for the compass.
Source = tuple[Kind, str]
Value = float | str
#: The lowest and the highest value that a figure can have.
Domain = tuple[float, float]
POSITIVE: Domain = (math.nextafter(0, 1), math.inf)
#: Separates several arguments of a figure.
SEPARATOR = ", "


class BadExpectation(ValueError):
    """A text that is no expectation, with the reason in a sentence."""


@dataclass(frozen=True)
class Argument:
    """What may stand between a figure's parentheses: what it is, and its values.

    Without `known` values it is the name of a head of the step. An `optional` one may be left out.
    """

    written: str
    known: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True)
class Figure:
    """A measured number or word.

    `measure(experiment, measured, argument)` gets what was measured for its source: the epochs of one seed, the
    evidence of a claim or a question, or a topology's inspection. `of` is the claim or the question whose evidence it
    reads, if that is not its argument. `words` are the values that it can have if it is no number. `takes` are its
    arguments. `domain` returns the lowest and the highest number that it can be with an argument.
    """

    name: str
    says: str
    kind: Kind
    measure: Callable[[Experiment, Any, str], Value]
    of: str = ""
    words: tuple[str, ...] = ()
    takes: tuple[Argument, ...] = ()
    domain: Callable[[str], Domain] = lambda _: POSITIVE

    @property
    def written(self) -> str:
        """The figure as the documentation writes it."""
        return self.with_argument(SEPARATOR.join(each.written for each in self.takes if not each.optional))

    def with_argument(self, argument: str) -> str:
        """The figure as an author writes it: "head_ratio(trend)"."""
        return f"{self.name}({argument})" if argument else self.name

    def heads_in(self, argument: str) -> list[str]:
        """The heads that the argument names."""
        given = argument.split(SEPARATOR) if argument else []
        return [name for name, each in zip(given, self.takes, strict=False) if not each.known]

    @property
    def spoken(self) -> str:
        """The name as a sentence has it: "dead units"."""
        return self.name.replace("_", " ")

    def source(self, argument: str) -> Source:
        """What has to be measured for the figure with this argument."""
        return self.kind, "" if self.kind in ("run", "gradients") else self.of or argument
