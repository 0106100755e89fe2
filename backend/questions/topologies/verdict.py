"""What the seeds of a topology show, in numbers and in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

import numpy as np

from backend.questions.base import Measured
from backend.questions.pictures import Seeds
from backend.statistics.intervals import Interval, interval
from backend.words import short

Finding = Literal["better", "worse", "no difference", "no verdict"]
#: What a visitor predicts, by the finding.
ANSWERS: dict[Finding, str] = {"better": "better", "no difference": "no difference can be shown", "worse": "worse"}
#: The least confidence of an interval. Five seeds give 0.94, from the least to the greatest difference.
CONFIDENCE = 0.9


class Gains(Seeds):
    """The score of the topology minus that of its baseline, by seed; positive is better.

    The interval runs between two of the sorted differences, as in the sign test, so it assumes no distribution.
    """

    @property
    def finding(self) -> Finding:
        """What the seeds show: no difference if the interval contains 0; no verdict if a score is NaN or infinite."""
        bounds = self.interval
        if bounds is None or not np.isfinite(self.values).all():
            return "no verdict"
        return "better" if bounds.low > 0 else "worse" if bounds.high < 0 else "no difference"


class Scores(Measured):
    """Scores on validation sequences, one per seed, of the topology and of its baseline."""

    model: tuple[float, ...]
    baseline: tuple[float, ...]

    @property
    def gains(self) -> Gains:
        """The differences of the scores. Raises ValueError if one model has more scores than the other."""
        return Gains(tuple(a - b for a, b in zip(self.model, self.baseline, strict=True)), CONFIDENCE)


class TopologyResult(Measured):
    """What is measured: the scores by the number of epochs."""

    scores: dict[int, Scores]


#: How the scores are measured and compared.
METHOD = (
    f"The scores are measured on the validation sequences. The interval contains the median of such differences with "
    f"at least {CONFIDENCE:.0%} confidence, whatever their distribution. Its ends are two of the sorted differences, "
    "as in a sign test. The problems were tuned on other seeds."
)


def bounds(seeds: int) -> Interval:
    """The interval of the numbers from 0 to `seeds` - 1: its ends say which of the sorted differences count."""
    found = interval(range(seeds), CONFIDENCE)
    assert found is not None, f"{seeds} seeds are too few for an interval"
    return found


def false_findings(seeds: Iterable[int]) -> str:
    """How likely it is that one of the verdicts on models with so many seeds finds a difference that does not exist."""
    levels = [bounds(each).confidence for each in seeds]
    return (
        f"If none of the {len(levels)} models differed from its baseline, the chance of at least one false finding "
        f"would still be about {1 - math.prod(levels):.0%}. The longer trainings raise it, and so does every other "
        "relatedness that you try."
    )


def signed(value: float) -> str:
    """`value` with its sign and three significant digits."""
    return ("−" if value < 0 else "+") + short(abs(value), 3)
