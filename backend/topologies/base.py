"""What a topology is: a model that a list of layers cannot write, and the problem on which it is the right tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.experiment.styles.base import IMPORTS

Arrays = dict[str, np.ndarray]

#: Sequences that train, and as many held out to measure on; passes over the former; runs with weights of their own.
SAMPLES, EPOCHS, BATCH, SEEDS = 512, 20, 32, 5
#: How many times as many epochs the second training takes. It tells a better result from faster learning.
LONGER = 4
#: The problems were tuned on the first few seeds, where a small gain may be chance; what is shown comes from others.
FIRST_SEED = 1000


@dataclass(frozen=True)
class Problem:
    """Sequences and what to say of them: `x` by the name of the input, `y` by the name of the output, both float32."""

    x: Arrays
    y: Arrays

    def part(self, first: int, last: int) -> Problem:
        """The samples `first:last`."""
        return Problem(*({name: a[first:last] for name, a in arrays.items()} for arrays in (self.x, self.y)))


@dataclass(frozen=True)
class Recipe:
    """Keras source: `source` defines `model`, whose outputs are a dict; `compile` compiles it."""

    title: str
    source: str
    compile: str

    @property
    def text(self) -> str:
        """All of it, as it runs."""
        return f"{self.source}\n{self.compile}"


@dataclass(frozen=True)
class Metric:
    """What is measured on held-out samples: `score(predictions, targets)`, both by output name. More is better."""

    name: str
    score: Callable[[Mapping[str, np.ndarray], Mapping[str, np.ndarray]], float]
    higher_is_better: bool = True


@dataclass(frozen=True)
class Topology:
    """One model beyond Sequential, with an honest baseline.

    `says` tells what it is, `task` the problem, `against` what the baseline has and lacks: all in our own words.
    `attempt` is the source of the nearest Sequential model, which raises. `draw(seed, n, relatedness)` draws n samples
    in plain NumPy; `relatedness` counts only where `dial` is True. A model learns those outputs that it has.
    """

    key: str
    number: int
    title: str
    says: str
    task: str
    against: str
    model: Recipe
    baseline: Recipe
    attempt: str
    draw: Callable[[int, int, float], Problem]
    metric: Metric
    epochs: int = EPOCHS
    seeds: int = SEEDS
    dial: bool = False

    @property
    def lengths(self) -> tuple[int, int]:
        """The epochs of both trainings: the short one and the long one, each from fresh weights."""
        return self.epochs, LONGER * self.epochs

    def problem(self, seed: int, n: int, relatedness: float = 0.8) -> Problem:
        """`n` samples; the same arguments give the same bits."""
        return self.draw(seed, n, relatedness)


Finding = Literal["better", "worse", "no difference", "no verdict"]


@dataclass(frozen=True)
class Outcome:
    """Scores of both models, seed by seed, and what follows from their differences (positive: the topology is better).

    `low` to `high` is the interval that holds the median of such differences with `confidence`: `omitted` of the sorted
    differences lie below it, and as many above. `model` and `baseline` are the median scores. Where a score is not a
    finite number there is no verdict, and `median`, `low` and `high` are NaN.
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


#: The least confidence an interval may have; five seeds, from the least to the greatest difference, give 0.94.
CONFIDENCE = 0.9
FEWEST_SEEDS = 5


def outcome(model: list[float], baseline: list[float], metric: Metric) -> Outcome:
    """Judge the scores of the same seeds in the same order: no difference where the interval contains 0.

    The interval runs between two of the sorted differences, as the sign test has it: it takes no distribution for
    granted. ValueError with fewer than five seeds.
    """
    n = len(model)
    if n < FEWEST_SEEDS or n != len(baseline):
        raise ValueError(f"at least {FEWEST_SEEDS} seeds of both models are needed, got {n} and {len(baseline)}")
    omitted, confidence = _cut(n)
    sign = 1 if metric.higher_is_better else -1
    with np.errstate(invalid="ignore"):  # the difference of two infinite scores
        differences = sign * (np.asarray(model) - np.asarray(baseline))
    median = low = high = np.nan
    finding: Finding = "no verdict"
    if np.isfinite(differences).all():
        ordered = np.sort(differences)
        median, low, high = np.median(ordered), ordered[omitted], ordered[n - 1 - omitted]
        finding = "better" if low > 0 else "worse" if high < 0 else "no difference"
    return Outcome(
        finding, float(median), float(low), float(high), confidence, omitted, tuple(differences.tolist()),
        float(np.median(model)), float(np.median(baseline)),
    )  # fmt: skip


def confidence(seeds: int) -> float:
    """The confidence of the interval that so many seeds give."""
    return _cut(seeds)[1]


def _cut(n: int) -> tuple[int, float]:
    """How many of `n` sorted values may be left out at each end, and the confidence of what remains.

    The median lies below the (c + 1)th of them with the probability that at most c of n fair coins show heads.
    """
    coins, below, cut, confidence = 1, 0, 0, 1.0
    for c in range(n):
        below += coins
        remains = 1 - 2 * below / 2**n
        if remains < CONFIDENCE:
            break
        cut, confidence = c, remains
        coins = coins * (n - c) // (c + 1)
    return cut, confidence


def keras_source(*lines: str) -> str:
    """Source with the usual imports above it."""
    return "\n".join((IMPORTS, *lines)) + "\n"


# Scores of one output, (n, units) each.


def r2(predicted: np.ndarray, truth: np.ndarray) -> float:
    """Share of the variance explained: 1 is perfect, 0 is the mean's."""
    rest = ((predicted - truth) ** 2).sum()
    return float(1 - rest / ((truth - truth.mean(axis=0)) ** 2).sum())


def accuracy(predicted: np.ndarray, truth: np.ndarray) -> float:
    """Share of right answers: of yes or no where there is one unit, else of the class."""
    if truth.shape[1] == 1:
        return float(((predicted > 0.5) == (truth > 0.5)).mean())
    return float((predicted.argmax(axis=1) == truth.argmax(axis=1)).mean())


def mean_r2(*names: str) -> Metric:
    """The mean of R² over these outputs."""
    title = "R²" if len(names) == 1 else "mean R²"
    return Metric(title, lambda predicted, truth: float(np.mean([r2(predicted[n], truth[n]) for n in names])))


def standard(values: np.ndarray) -> np.ndarray:
    """`values` (n, units) with mean 0 and spread 1 as float32."""
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0), np.float32)
