"""What a topology is: a model that no list of layers can express, a problem that suits it, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from backend.experiment.styles.base import IMPORTS
from backend.statistics.intervals import Interval, interval
from backend.statistics.scores import r2

Arrays = dict[str, np.ndarray]

#: Training sequences (and as many validation sequences); epochs; batch size; seeds, each with its own initial weights.
SAMPLES, EPOCHS, BATCH, SEEDS = 512, 20, 32, 5
#: The second training takes this many times as many epochs. It tells a better result from faster learning.
LONGER = 4
#: The first seed of a training. The problems were tuned on seeds from 0 on, so on those a small gain may be chance.
FIRST_SEED = 1000


@dataclass(frozen=True)
class Problem:
    """Sequences and their targets: `x` by the name of the input, `y` by the name of the output, both float32."""

    x: Arrays
    y: Arrays

    def part(self, first: int, last: int) -> Problem:
        """The samples `first:last`."""
        return Problem(*({name: a[first:last] for name, a in arrays.items()} for arrays in (self.x, self.y)))


@dataclass(frozen=True)
class Recipe:
    """A model as Keras source: `source` defines `model`, whose outputs are a dict; `compile` compiles it."""

    title: str
    source: str
    compile: str

    @property
    def text(self) -> str:
        """The whole source, as a worker executes it."""
        return f"{self.source}\n{self.compile}"


@dataclass(frozen=True)
class Metric:
    """A score on validation sequences: `score(predictions, targets)`, both by output name."""

    name: str
    score: Callable[[Mapping[str, np.ndarray], Mapping[str, np.ndarray]], float]
    higher_is_better: bool = True


Finding = Literal["better", "worse", "no difference", "no verdict"]
#: What a visitor predicts, by the finding.
ANSWERS: dict[Finding, str] = {"better": "better", "no difference": "no difference can be shown", "worse": "worse"}


@dataclass(frozen=True)
class Topology:
    """A model that Sequential cannot build from Keras's layers alone, with a fair baseline.

    `summary` says in a few words what Sequential lacks for it. `description` says what the model is, `task` what it
    learns, `baseline_description` what the baseline has and lacks. `attempt` is the source of the nearest
    Sequential model; Keras refuses it with an error. `draw(seed, n, relatedness)` generates n samples in plain
    NumPy; it uses `relatedness` only if `has_relatedness` is True. A model is trained on the outputs that it
    has; a problem may have more.
    """

    key: str
    number: int
    title: str
    summary: str
    description: str
    task: str
    baseline_description: str
    model: Recipe
    baseline: Recipe
    attempt: str
    draw: Callable[[int, int, float], Problem]
    metric: Metric
    epochs: int = EPOCHS
    seeds: int = SEEDS
    has_relatedness: bool = False

    @property
    def question(self) -> str:
        """What the visitor is asked: which model is better after the longer training."""
        return f"Is “{self.model.title}” better than “{self.baseline.title}” after {self.lengths[1]} epochs?"

    @property
    def options(self) -> tuple[str, ...]:
        """The answers, one for each finding of the longer training that is a verdict."""
        return tuple(ANSWERS.values())

    @property
    def lengths(self) -> tuple[int, int]:
        """The epochs of the short and of the long training, each from fresh weights."""
        return self.epochs, LONGER * self.epochs

    def problem(self, seed: int, n: int, relatedness: float = 0.8) -> Problem:
        """`n` samples; equal arguments give equal bits."""
        return self.draw(seed, n, relatedness)


@dataclass(frozen=True)
class Outcome:
    """Scores of both models, seed by seed, and what follows from their differences (positive: the topology is better).

    `low` to `high` is the interval that contains the median of such differences with `confidence`. `omitted` of the
    sorted differences lie below it, and as many above. `model` and `baseline` are the median scores. If a score is
    NaN or infinite there is no verdict, and `median`, `low` and `high` are NaN.
    """

    finding: Finding
    median: float
    low: float
    high: float
    confidence: float
    omitted: int
    differences: tuple[float, ...]
    model: float
    baseline: float


#: The least confidence of an interval. Five seeds give 0.94, from the least to the greatest difference.
CONFIDENCE = 0.9
FEWEST_SEEDS = 5


def outcome(model: list[float], baseline: list[float], metric: Metric) -> Outcome:
    """Judge the scores of the same seeds in the same order: no difference if the interval contains 0.

    The interval runs between two of the sorted differences, as in the sign test, so it assumes no distribution.
    Raises ValueError with fewer than five seeds, or if one model has more scores than the other.
    """
    if min(len(model), len(baseline)) < FEWEST_SEEDS or len(model) != len(baseline):
        raise ValueError(
            f"at least {FEWEST_SEEDS} seeds of both models are needed, got {len(model)} and {len(baseline)}"
        )
    sign = 1 if metric.higher_is_better else -1
    with np.errstate(invalid="ignore"):  # the difference of two infinite scores
        differences = sign * (np.asarray(model) - np.asarray(baseline))
    bounds = _interval(differences.tolist())
    median = low = high = np.nan
    finding: Finding = "no verdict"
    if np.isfinite(differences).all():
        median, low, high = np.median(differences), bounds.low, bounds.high
        finding = "better" if low > 0 else "worse" if high < 0 else "no difference"
    return Outcome(
        finding, float(median), float(low), float(high), bounds.confidence, bounds.omitted, tuple(differences.tolist()),
        float(np.median(model)), float(np.median(baseline)),
    )  # fmt: skip


def confidence(seeds: int) -> float:
    """The confidence of the interval that this many seeds give. Raises ValueError with fewer than five."""
    return _interval([0.0] * seeds).confidence


def _interval(differences: list[float]) -> Interval:
    """The interval of the differences. Raises ValueError with fewer than five, too few for `CONFIDENCE`."""
    result = interval(differences, CONFIDENCE)
    if result is None:
        raise ValueError(f"at least {FEWEST_SEEDS} seeds are needed, got {len(differences)}")
    return result


def keras_source(*lines: str) -> str:
    """Source with the usual imports above it."""
    return "\n".join((IMPORTS, *lines)) + "\n"


def mean_r2(*names: str, title: str = "R²") -> Metric:
    """The mean of R² over these outputs."""
    return Metric(title, partial(mean_of_r2, names=names))


def mean_of_r2(predicted: Mapping[str, np.ndarray], truth: Mapping[str, np.ndarray], names: tuple[str, ...]) -> float:
    """The mean of R² over the outputs of these names."""
    return float(np.mean([r2(predicted[name], truth[name]) for name in names]))


def standard(values: np.ndarray) -> np.ndarray:
    """`values` (n, units) scaled to mean 0 and standard deviation 1, as float32."""
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0), np.float32)
