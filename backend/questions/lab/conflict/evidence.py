"""The settings and the evidence of question 2."""

from __future__ import annotations

from itertools import combinations
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import AfterValidator, Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.questions.base import Measured
from backend.questions.lab.base import QuestionSettings, distinct
from backend.statistics.intervals import Interval, interval
from backend.words import minus

ProblemKey = Literal["related", "own"]
Rho = Annotated[float, Field(ge=-1, le=1)]
#: The heads of the related pair, by their tasks.
PAIR = ("related_a", "related_b")
#: The network of the related pair: the default trunk.
RELATED = Experiment(architecture=Architecture(heads=tuple(Head(name=name[-1], task=name) for name in PAIR)))
#: The most heads, and the most epochs of a training at which their gradients are measured, the start among them.
MOST_HEADS, POINTS = 8, 5


class Settings(QuestionSettings):
    """What a visitor can choose. `rhos` matter only if the network has the related pair."""

    problem: ProblemKey = "related"
    rhos: Annotated[tuple[Rho, ...], AfterValidator(distinct)] = Field(
        (0.0, 0.25, 0.5, 0.75, 1.0), min_length=2, max_length=7
    )
    epochs: int = Field(8, ge=1, le=100)
    seeds: int = Field(8, ge=8, le=20)
    experiment: Experiment = RELATED

    def on(self, experiment: Experiment) -> Self:
        """These settings with the visitor's network, data, optimizer, rate, batch size, validation share and seed.

        In the problem `related`, all visitors share one network.
        """
        if self.problem == "related":
            return self.model_copy(update={"experiment": RELATED})
        training, sequences = experiment.training, experiment.sequences
        own_training = Training(
            optimizer=training.optimizer, learning_rate=training.learning_rate, batch=training.batch,
            validation=training.validation, seed=training.seed,
        )  # fmt: skip
        if related_pair(experiment.architecture):
            sequences = sequences.model_copy(update={"relatedness": Sequences().relatedness})
        own = Experiment(architecture=experiment.architecture.unlabelled(), sequences=sequences, training=own_training)
        return self.model_copy(update={"experiment": own})

    @property
    def dial(self) -> tuple[int, int] | None:
        """The positions of the related pair, whose relatedness can be set; None if the network does not have it."""
        return related_pair(self.experiment.architecture)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The pairs of heads that are measured: the related pair, or without it all pairs."""
        heads = self.experiment.architecture.heads
        return [self.dial] if self.dial else list(combinations(range(len(heads)), 2))

    @property
    def measured_epochs(self) -> list[int]:
        """The epochs after which the gradients are measured, with the start."""
        points = np.linspace(0, self.epochs, min(self.epochs + 1, POINTS))
        return sorted({int(epoch) for epoch in points.round()})


class Series(Measured):
    """One pair of heads, at one relatedness if there is a dial. Values are (seeds, epochs); NaN if undefined.

    A rate is the share of an epoch's batches in which the two gradients conflict. A cosine is that between the
    gradients of the whole training data.
    """

    heads: tuple[str, str]
    rho: float | None = None
    rates: tuple[tuple[float, ...], ...]
    cosines: tuple[tuple[float, ...], ...]

    @property
    def label(self) -> str:
        """The relatedness, or else the two heads."""
        return " and ".join(self.heads) if self.rho is None else f"ρ = {minus(f'{self.rho:g}')}"

    def of_seeds(self, what: Literal["rates", "cosines"]) -> list[float]:
        """The mean of each seed over the epochs after the start; NaN if no epoch has a value."""
        values: tuple[tuple[float, ...], ...] = getattr(self, what)
        return [mean_of(of_seed[1:]) for of_seed in values]


class Evidence(Measured):
    """All pairs or all relatednesses, in the order of the settings."""

    settings: Settings
    series: tuple[Series, ...]

    @property
    def ends(self) -> tuple[Series, Series] | None:
        """The least and the most related tasks; None without a dial, or if all are equally related."""
        by_rho = sorted((each for each in self.series if each.rho is not None), key=lambda each: abs(each.rho or 0))
        if not by_rho or abs(by_rho[0].rho or 0) == abs(by_rho[-1].rho or 0):
            return None
        return by_rho[0], by_rho[-1]


def related_pair(architecture: Architecture) -> tuple[int, int] | None:
    """The positions of the first head of each task of the related pair; None if one is missing."""
    tasks = [head.task for head in architecture.heads]
    return (tasks.index(PAIR[0]), tasks.index(PAIR[1])) if set(PAIR) <= set(tasks) else None


def mean_of(values: tuple[float, ...]) -> float:
    """The mean of those values that are defined; NaN if none is."""
    defined = [value for value in values if np.isfinite(value)]
    return float(np.mean(defined)) if defined else float("nan")


def spread(values: list[float]) -> Interval | None:
    """The interval of the median; None if a value is undefined."""
    return interval(values) if np.isfinite(values).all() else None
