"""What the seeds of a topology show, in numbers and in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.questions.base import Measured, Verdict
from backend.questions.pictures import Readings, Reference, Spread
from backend.statistics.intervals import Interval, interval
from backend.words import short

Finding = Literal["better", "worse", "no difference", "no verdict"]
#: What a visitor predicts, by the finding.
ANSWERS: dict[Finding, str] = {"better": "better", "no difference": "no difference can be shown", "worse": "worse"}
#: The least confidence of an interval. Five seeds give 0.94, from the least to the greatest difference.
CONFIDENCE = 0.9
FEWEST_SEEDS = 5


class Scores(Measured):
    """Scores on validation sequences, one per seed, of the topology and of its baseline."""

    model: tuple[float, ...]
    baseline: tuple[float, ...]


class TopologyResult(Measured):
    """What is measured: the scores by the number of epochs."""

    scores: dict[int, Scores]


@dataclass(frozen=True)
class Gains:
    """What the scores of both models show, seed by seed. A positive difference: the topology is better.

    `low` to `high` is the interval that contains the median of such differences with `confidence`. `model` and
    `baseline` are the median scores. If a score is NaN or infinite, there is no verdict, and `median`, `low` and `high`
    are NaN.
    """

    finding: Finding
    median: float
    low: float
    high: float
    confidence: float
    differences: tuple[float, ...]
    model: float
    baseline: float


def gains(scores: Scores) -> Gains:
    """Judge the scores of the same seeds: no difference if the interval contains 0.

    The interval runs between two of the sorted differences, as in the sign test, so it assumes no distribution.
    Raises ValueError with fewer than five seeds, or if one model has more scores than the other.
    """
    model, baseline = scores.model, scores.baseline
    if min(len(model), len(baseline)) < FEWEST_SEEDS or len(model) != len(baseline):
        raise ValueError(
            f"at least {FEWEST_SEEDS} seeds of both models are needed, got {len(model)} and {len(baseline)}"
        )
    with np.errstate(invalid="ignore"):  # the difference of two infinite scores
        differences = np.asarray(model) - np.asarray(baseline)
    bounds = interval_of(differences.tolist())
    median, low, high = float(np.median(differences)), bounds.low, bounds.high
    finding: Finding = "better" if low > 0 else "worse" if high < 0 else "no difference"
    if not np.isfinite(differences).all():
        finding, median, low, high = "no verdict", math.nan, math.nan, math.nan
    return Gains(
        finding, median, low, high, bounds.confidence, tuple(differences.tolist()), float(np.median(model)),
        float(np.median(baseline)),
    )  # fmt: skip


def interval_of(differences: Sequence[float]) -> Interval:
    """The interval of the differences. Raises ValueError with fewer than five, too few for `CONFIDENCE`."""
    result = interval(differences, CONFIDENCE)
    if result is None:
        raise ValueError(f"at least {FEWEST_SEEDS} seeds are needed, got {len(differences)}")
    return result


@dataclass(frozen=True)
class Compared:
    """What is compared: the titles of the topology's model and of its baseline, and the name of the score."""

    model: str
    baseline: str
    metric: str

    def sentence(self, epochs: int, found: Gains) -> str:
        """What the seeds show after `epochs` epochs."""
        seeds, after = len(found.differences), f"After {epochs} epochs"
        if found.finding == "no verdict":
            unusable = sum(not math.isfinite(difference) for difference in found.differences)
            return f"{after} there is no verdict: for {unusable} of {seeds} seeds, a score is NaN or infinite."
        compared = {"no difference": "is not shown to differ from"}.get(found.finding, f"is {found.finding} than")
        return (
            f"{after}, “{self.model}” {compared} “{self.baseline}”: over {seeds} seeds, the median gain in "
            f"{self.metric} is {signed(found.median)} ({interval_words(found)})."
        )

    def judge(self, measured: dict[int, Gains]) -> Verdict:
        """The verdict after the longer training. The shorter one tells a better result from faster learning."""
        (epochs, first), (more, last) = measured.items()
        before = "the same" if first.finding == last.finding else f"“{ANSWERS.get(first.finding, first.finding)}”"
        return Verdict(
            answer=ANSWERS.get(last.finding),
            finding=self.sentence(more, last),
            why=f"After {epochs} epochs, the finding was {before}. {method(last.confidence)}",
            table=[
                {
                    "epochs": f"{length}",
                    f"{self.model}, median": short(found.model, 3),
                    f"{self.baseline}, median": short(found.baseline, 3),
                    "median gain": "none" if found.finding == "no verdict" else signed(found.median),
                    "interval": "none" if found.finding == "no verdict" else interval_words(found),
                }
                for length, found in measured.items()
            ],
        )

    def picture(self, measured: dict[int, Gains]) -> Spread:
        """The gain of each seed with its interval, a row for each length of the training."""
        rows = []
        for epochs, found in measured.items():
            ends = (None, None) if found.finding == "no verdict" else (found.low, found.high)
            rows.append(Readings(f"after {epochs} epochs", found.differences, "", *ends))
        title = f"Gain in {self.metric} of “{self.model}” over “{self.baseline}”, seed by seed"
        return Spread(title, rows, Reference(0.0, "equal"), "linear")


def interval_words(found: Gains) -> str:
    """The interval of the gain: `+0.01 to +0.2`."""
    return f"{signed(found.low)} to {signed(found.high)}"


def method(confidence: float) -> str:
    """How the scores are measured and compared."""
    return (
        "The scores are measured on the validation sequences. The interval contains the median of such differences "
        f"with {confidence:.0%} confidence, whatever their distribution. Its ends are two of the sorted differences, "
        "as in a sign test. The problems were tuned on other seeds."
    )


def false_findings(seeds: Iterable[int]) -> str:
    """How likely it is that one of the verdicts on models with so many seeds finds a difference that does not exist."""
    levels = [interval_of([0.0] * each).confidence for each in seeds]
    return (
        f"If none of the {len(levels)} models differed from its baseline, the chance of at least one false finding "
        f"would still be about {1 - math.prod(levels):.0%}. The longer trainings raise it, and so does every other "
        "relatedness that you try."
    )


def signed(value: float) -> str:
    """`value` with its sign and three significant digits."""
    return ("−" if value < 0 else "+") + short(abs(value), 3)
