"""The settings of question 4, and the ends of its trainings."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import AfterValidator, Field

from backend.questions.base import Measured
from backend.questions.lab.base import QuestionSettings, distinct


class Settings(QuestionSettings):
    """What a visitor can choose. The optimizer is Adam.

    `levels` is the number of values that each weight takes in the sweep, and `smoothings` are STCH's μ.
    """

    levels: int = Field(21, ge=3, le=41)
    starts: int = Field(5, ge=1, le=10)
    smoothings: Annotated[tuple[Annotated[float, Field(ge=0.003, le=10)], ...], AfterValidator(distinct)] = Field(
        (0.1, 0.01), min_length=1, max_length=4
    )
    rate: float = Field(1e-2, ge=1e-4, le=0.1)
    steps: int = Field(2_000, ge=100, le=10_000)


class End(Measured):
    """Where a training ended: the losses there, how far it is from the front, and, for fixed weights, the weights."""

    losses: tuple[float, ...]
    distance: float
    weights: tuple[float, ...] = ()

    @property
    def worst(self) -> float:
        """The loss of the worst head; NaN if one of them is."""
        return max(self.losses) if all(map(math.isfinite, self.losses)) else math.nan


class Smooth(Measured):
    """Where STCH ended with this μ, one end for each start."""

    smoothing: float
    ends: tuple[End, ...]


class Ends(Measured):
    """Where trainings on one problem ended, with fixed weights and with STCH.

    `fixed` has an end for each weighting from the first start, then from the next one.
    """

    fixed: tuple[End, ...]
    smooth: tuple[Smooth, ...]


class Evidence(Measured):
    """Both problems: two heads, and three on one neuron, whose `distance` is that from the nearest best direction."""

    settings: Settings
    pair: Ends
    three: Ends
