"""What a figure is: a measured number or word that an `expect` may name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from backend.experiment import Experiment

Kind = Literal["run", "claim", "topology", "question", "compass"]
#: What has to be measured for a figure: a run; by its key the evidence of a claim or of a question of the Lab, or the
#: inspection of a topology; nothing for the compass.
Source = tuple[Kind, str]
Value = float | str
#: Separates several arguments of a figure.
SEPARATOR = ", "


@dataclass(frozen=True)
class Argument:
    """What may stand between a figure's parentheses: how the documentation writes it, what it is, and its values."""

    written: str
    words: str
    known: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """A measured number or word.

    `measure(experiment, measured, argument)` gets what was measured for its source: the epochs of one seed, the
    evidence of a claim or a question, or a topology's inspection. `of` is the claim or the question whose evidence it
    reads, if that is not its argument. `words` are the values that it can have if it is no number. `takes` are its
    arguments.
    """

    name: str
    says: str
    kind: Kind
    measure: Callable[[Experiment, Any, str], Value]
    of: str = ""
    words: tuple[str, ...] = ()
    takes: tuple[Argument, ...] = ()

    @property
    def written(self) -> str:
        """The figure as the documentation writes it."""
        return f"{self.name}({SEPARATOR.join(each.written for each in self.takes)})" if self.takes else self.name

    def source(self, argument: str) -> Source:
        """What has to be measured for the figure with this argument."""
        return self.kind, self.of or argument
