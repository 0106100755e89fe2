"""A question on gradients or weights: its answer is recorded, and lessons show it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import AfterValidator

from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.questions import base
from backend.questions.base import Measured, Verdict
from backend.questions.pictures import Picture
from backend.training.duration import DurationEstimator
from backend.words import minus, short

#: The field of settings that holds the visitor's experiment. Every link has it anyway, so `url` leaves it out.
EXPERIMENT = "experiment"
#: What the marks of a row are, and what ρ means.
MARKS = "Each dot is one seed. The bar shows where the median may lie."
RHO = "ρ says how related the tasks are: 0 not at all, 1 the same task."
#: The column of a table with the figures of a row.
MEDIAN = "median (its interval)"
#: A difference within this is too small to matter.
MARGIN = 0.05
CANNOT_TELL = " These runs cannot tell which answer is right."
#: Questions about relatedness compare tasks with little and with much in common, so the least and the largest |ρ| have
#: bounds.
LEAST, LARGEST = 0.25, 0.75
TOO_SIMILAR = f" These runs cannot tell: they need a |ρ| of at most {LEAST:g}, and one of at least {LARGEST:g}."


class QuestionSettings(Measured):
    """Base of every question's settings.

    A field `experiment` is the visitor's, if the field `problem` is "own"; `read` names what is read of its training.
    """

    read: ClassVar[frozenset[str]] = frozenset()

    def on(self, experiment: Experiment) -> Self:
        """These settings for a visitor with this experiment: `experiment` gets what the question reads of it.

        On another problem it gets its default, so that all visitors share the settings.
        """
        field = type(self).model_fields.get(EXPERIMENT)
        if field is None:
            return self
        chosen = field.default
        if vars(self)["problem"] == "own":
            training = Training(**experiment.training.model_dump(include={*self.read}))
            architecture, sequences = experiment.architecture.unlabelled(), experiment.sequences
            chosen = Experiment(architecture=architecture, sequences=sequences, training=training)
        return self.model_copy(update={EXPERIMENT: chosen})


class LabEvidence(Measured):
    """Base of every question's evidence, which contains the settings. A script has a variable for each other field."""

    settings: Any


H = TypeVar("H", bound=Hashable)
S = TypeVar("S", bound=QuestionSettings)
E = TypeVar("E", bound=LabEvidence)


def distinct(values: tuple[H, ...]) -> tuple[H, ...]:
    """The values, for pydantic's `AfterValidator`. Raises ValueError if one of them occurs twice."""
    if len(set(values)) < len(values):
        raise ValueError("each value can be chosen once")
    return values


#: Several values, none of them twice.
Distinct = Annotated[tuple[H, ...], AfterValidator(distinct)]


@dataclass(frozen=True, kw_only=True)
class Question(base.Question[S, E]):
    """A question, and how it is measured.

    `title` is what people ask. `settings` is the type of what a visitor can choose, with bounds; its defaults take at
    most 20 s on an idle core. A field `experiment` of it is the visitor's own (`QuestionSettings.on`).
    `test(evidence)` gives the verdict, and `draw(evidence)` the picture; both are pure functions. The numbers of a
    picture may be NaN or infinite. `refuse(settings)` says in a sentence why these settings cannot be
    measured, and what to change; it returns None if they can.

    `seconds(settings)` is about how long the script takes on an idle core, and `needs` names its libraries. `published`
    are the settings that are recorded for the page to show first: those of the publications, or the defaults.
    """

    test: Callable[[E], Verdict]
    draw: Callable[[E], Picture]
    seconds: Callable[[S], float]
    refuse: Callable[[S], str | None] = lambda settings: None
    needs: str = "Keras and NumPy"
    published: tuple[S, ...] = ()


def too_few_or_many(heads: int, most: int) -> str | None:
    """Why a network with so many heads is not measured, and what to change; None if it is."""
    if heads == 1:
        return "Your network has one head, and this question is about several. Add a head on Train."
    if heads > most:
        return f"Your network has {heads} heads, and this question takes at most {most}. Remove some on Train."
    return None


def start_and_epoch(experiment: Experiment, **training: Any) -> tuple[float, float]:
    """About how many seconds two models take until their first step, and for an epoch, with changes of the training."""

    def expected(epochs: int) -> float:
        changed = experiment.training.model_copy(update={**training, "epochs": epochs})
        return DurationEstimator().seconds(experiment.model_copy(update={"training": changed}))

    epoch = expected(2) - expected(1)
    return expected(1) - epoch, epoch


def rounded(values: Any, digits: int = 4) -> Any:
    """The array as nested tuples of numbers with `digits` decimals, for evidence; a scalar as a number."""
    if getattr(values, "ndim", 0) == 0:
        return round(float(values), digits) + 0.0
    return tuple(rounded(each, digits) for each in values)


def percent(value: float) -> str:
    """A relative change with its sign: "+3.4 %", "−12 %"; one below 0.0001 % is 0."""
    if not math.isfinite(value):
        return "NaN or infinite"
    if abs(value) < 1e-6:
        return "0\u00a0%"
    return f"{'+' if value > 0 else '−'}{short(abs(100 * value))}\u00a0%"


def rho(value: float) -> str:
    """ρ as a page has it."""
    return f"ρ = {minus(f'{value:g}')}"


def shortened(names: Sequence[str]) -> list[str]:
    """The names, long ones cut; all in full if two of them would become equal."""
    cut = [name if len(name) <= 12 else name[:11] + "…" for name in names]
    return cut if len({*cut}) == len(cut) else [*names]
