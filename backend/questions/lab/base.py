"""What a question is: the visitor predicts an answer, the lab measures it, and the evidence gives the verdict."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from backend.experiment import Experiment
from backend.questions.base import Measured, Verdict

Progress = Callable[[float], None]
#: The field of settings that holds the visitor's experiment. Every link has it anyway, so `url` leaves it out.
EXPERIMENT = "experiment"


def ignore_progress(share: float) -> None:
    """Ignore the progress."""


class QuestionSettings(Measured):
    """Base of every question's settings."""

    def on(self, experiment: Experiment) -> Self:
        """These settings for a visitor with this experiment: `experiment` gets what the question reads of it.

        Settings that are not about the visitor's network are returned as they are, so that all visitors share them.
        """
        return self


H = TypeVar("H", bound=Hashable)


def distinct(values: tuple[H, ...]) -> tuple[H, ...]:
    """The values, for pydantic's `AfterValidator`. Raises ValueError if one of them occurs twice."""
    if len(set(values)) < len(values):
        raise ValueError("each value can be chosen once")
    return values


S = TypeVar("S", bound=QuestionSettings)
E = TypeVar("E", bound=Measured)


@dataclass(frozen=True, kw_only=True)
class Question(Generic[S, E]):
    """A question on a problem with a known answer or on the visitor's own network, and how it is measured.

    `title` is what people ask. `question` asks the visitor to predict one of `options` before anything is shown.
    `settings` is the type of what a visitor can choose, with bounds; its defaults take at most 20 s on an idle core.
    A field `experiment` of it is the visitor's own (`QuestionSettings.on`). `refuse(settings)` says in a sentence why
    these settings cannot be measured, and what to change; it returns None if they can.

    `measure(settings, progress)` is pure NumPy. None means that Keras is needed: a worker then calls the function
    `measure` of the module `backend.worker.lab_questions.<key>`. `progress` is called with the share that is done and
    may raise to end it. `seconds(settings)` is about how long that takes on an idle core. `judge(evidence)` is a pure
    function. `script(settings)` is Python that prints the evidence's figures, and `needs` names its libraries.
    `published` are the settings that are recorded for the page to show first: those of the publications, or the
    defaults.
    """

    key: str
    number: int
    title: str
    question: str
    options: tuple[str, ...]
    settings: type[S]
    evidence: type[E]
    seconds: Callable[[S], float]
    judge: Callable[[E], Verdict]
    script: Callable[[S], str]
    measure: Callable[[S, Progress], E] | None = None
    refuse: Callable[[S], str | None] = lambda settings: None
    needs: str = "NumPy alone"
    published: tuple[S, ...] = ()


def rounded(values: Any, digits: int = 4) -> Any:
    """The array as nested tuples of numbers with `digits` decimals, for evidence; a scalar as a number."""
    if getattr(values, "ndim", 0) == 0:
        return round(float(values), digits) + 0.0
    return tuple(rounded(each, digits) for each in values)
