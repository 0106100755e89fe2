"""A question on gradients or weights: its answer is recorded, and lessons show it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from backend.questions import base
from backend.questions.base import Measured, Verdict
from backend.questions.pictures import Picture
from backend.words import minus, short

#: What the marks of a row are, and what ρ means.
MARKS = "Each dot is one seed. The bar shows where the median may lie."
RHO = "ρ says how related the tasks are: 0 not at all, 1 the same task."
#: A difference within this is too small to matter.
MARGIN = 0.05
CANNOT_TELL = " These runs cannot tell which answer is right."
#: Questions about relatedness compare tasks with little and with much in common, so the least and the largest |ρ| have
#: bounds.
LEAST, LARGEST = 0.25, 0.75
TOO_SIMILAR = f" These runs cannot tell: they need a |ρ| of at most {LEAST:g}, and one of at least {LARGEST:g}."


class LabEvidence(Measured):
    """Base of every question's evidence, which contains the settings. A script has a variable for each other field."""

    settings: Any


S = TypeVar("S", bound=Measured)
E = TypeVar("E", bound=LabEvidence)


@dataclass(frozen=True, kw_only=True)
class Question(base.Question[S, E]):
    """A question, and how it is measured.

    `title` is what people ask. `test(evidence)` gives the verdict, and `draw(evidence)` the picture; both are pure
    functions. The numbers of a picture may be NaN or infinite. `published` are the settings that are recorded: those of
    the publications, or the defaults.
    """

    test: Callable[[E], Verdict]
    draw: Callable[[E], Picture]
    published: tuple[S, ...] = ()


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
