"""What a question is: the visitor predicts an answer, the lab measures it, and the evidence gives the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

Progress = Callable[[float], None]


def unwatched(share: float) -> None:
    """Nobody looks at the progress."""


class Measured(BaseModel):
    """Base of every question's settings and evidence: immutable, no unknown fields. A number may be NaN or infinite."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


@dataclass(frozen=True)
class Verdict:
    """What the evidence says.

    `answer` is the option of the question that it gives, or None where it gives none. `finding` is one plain sentence
    with its numbers, `why` the reasons and what else to know, in Markdown. All rows of `table` have the same keys.
    """

    answer: str | None
    finding: str
    why: str
    table: Sequence[Mapping[str, str]] = ()


S = TypeVar("S", bound=Measured)
E = TypeVar("E", bound=Measured)


@dataclass(frozen=True)
class Question(Generic[S, E]):
    """A question on problems with a known answer, and how it is measured.

    `title` is what people ask. `question` asks the visitor to predict one of `options` before anything is shown.
    `settings` is the type of what a visitor can choose, with bounds; its defaults take at most 20 s on an idle core.
    `measure(settings, progress)` is pure NumPy; `progress` is called with the share that is done and may raise to end
    it. `seconds(settings)` is about how long that takes on an idle core. `judge(evidence)` is a pure function.
    `script(settings)` prints the evidence's figures, in NumPy alone. `published` are the settings of the publications,
    which are recorded for the page to show first.
    """

    key: str
    number: int
    title: str
    question: str
    options: tuple[str, ...]
    settings: type[S]
    evidence: type[E]
    measure: Callable[[S, Progress], E]
    seconds: Callable[[S], float]
    judge: Callable[[E], Verdict]
    script: Callable[[S], str]
    published: tuple[S, ...] = ()


def rounded(values: Any, digits: int = 4) -> Any:
    """Nested tuples of the array's numbers with so many digits after the point, for evidence."""
    if getattr(values, "ndim", 0) == 0:
        return round(float(values), digits) + 0.0
    return tuple(rounded(each, digits) for each in values)
