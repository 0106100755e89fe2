"""Question 2, what it measures: the gradients of two heads while they train one trunk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import AfterValidator, Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.dataset import Sequences
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.training import Training
from backend.questions.base import Measured
from backend.questions.lab.base import LabEvidence, QuestionSettings, distinct
from backend.questions.lab.scripts import data_source, gradients_source, keras_script, network_source
from backend.questions.lab.words import rho
from backend.scripts.source import source_of
from backend.training.duration import DurationEstimator

ProblemKey = Literal["related", "own"]
Rho = Annotated[float, Field(ge=-1, le=1)]
#: The heads of the related pair, by their tasks.
PAIR = ("related_a", "related_b")
#: The network of the related pair: the default trunk.
RELATED = Experiment(architecture=Architecture(heads=tuple(Head(name=name[-1], task=name) for name in PAIR)))
#: The most heads, and the most epochs of a training at which their gradients are measured, the start among them.
MOST_HEADS, POINTS = 8, 5
#: The time of a seed, as a share of what the estimator expects for a training of both styles with its gradients.
SEED = 0.85


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
        return " and ".join(self.heads) if self.rho is None else rho(self.rho)

    def of_seeds(self, what: Literal["rates", "cosines"]) -> list[float]:
        """The mean of each seed over the epochs after the start; NaN if no epoch has a value."""
        after = np.array(getattr(self, what), float)[:, 1:]
        usable = np.isfinite(after)
        with np.errstate(all="ignore"):
            means: list[float] = (np.where(usable, after, 0).sum(axis=1) / usable.sum(axis=1)).tolist()
        return means


class Evidence(LabEvidence):
    """All pairs or all relatednesses, in the order of the settings."""

    settings: Settings
    series: tuple[Series, ...]


def related_pair(architecture: Architecture) -> tuple[int, int] | None:
    """The positions of the first head of each task of the related pair; None if one is missing."""
    tasks = [head.task for head in architecture.heads]
    return (tasks.index(PAIR[0]), tasks.index(PAIR[1])) if set(PAIR) <= set(tasks) else None


def seconds(settings: Settings) -> float:
    """About how long the measurement takes on an idle core."""

    def expected(epochs: int, times: int) -> float:
        return DurationEstimator().measuring_seconds(settings.experiment.with_training(epochs=epochs), times)

    tracing = 2 * expected(1, 0) - expected(2, 0)
    each = expected(settings.epochs, len(settings.measured_epochs)) - tracing
    return tracing + SEED * settings.seeds * (len(settings.rhos) if settings.dial else 1) * each


def refuse(settings: Settings) -> str | None:
    """Why the question refuses the visitor's network; None if it does not."""
    heads = len(settings.experiment.architecture.heads)
    if heads < 2:
        return "Your network has one head, and this question is about two. Add a head on Train."
    if heads > MOST_HEADS:
        return f"Your network has {heads} heads, and this question takes at most {MOST_HEADS}. Remove some on Train."
    return None


def rate_and_cosine(gramian: np.ndarray, counts: np.ndarray, i: int, j: int) -> tuple[float, float]:
    """The share of the batches in which two heads conflict, and their cosine on all sequences; NaN if undefined."""
    comparable, conflicting = counts[:, i, j]
    length = np.sqrt(gramian[i, i] * gramian[j, j])
    rate = conflicting / comparable if comparable else np.nan
    cosine = gramian[i, j] / length if length > 0 else np.nan
    return float(f"{rate:.4g}"), float(f"{cosine:.4g}")


def measure_seed(
    trainer: Any, gradients: Callable[..., Any], x: np.ndarray, y: Sequence[np.ndarray], epochs: Sequence[int],
    seed: int, rate: float, pairs: Sequence[tuple[int, int]],
) -> list[list[tuple[float, float]]]:  # fmt: skip
    """Train with this seed. For each of the epochs, and each pair: the conflict rate and the cosine after it.

    `gradients(x, y, order)` returns the products of the gradients, and the counts of the batches in this order.
    """
    trainer.begin(x, y, seed, rate)
    done, found = 0, []
    for epoch in epochs:
        trainer.train(epoch - done)
        done = epoch
        with np.errstate(all="ignore"):
            gramian, counts = gradients(x, y, np.random.default_rng([seed, epoch]).permutation(len(x)))
            found.append([rate_and_cosine(gramian, counts, *pair) for pair in pairs])
    return found


def code(settings: Settings) -> str:
    """The script: conflict rate and cosine of each seed and epoch, and their medians by relatedness or pair."""
    experiment, dial = settings.experiment, settings.dial
    training, heads = experiment.training, experiment.architecture.heads
    return keras_script(
        "How often do the gradients of two heads conflict while they train one trunk?",
        data_source(experiment, "rho, number", relatedness="rho" if dial else ""),
        network_source(experiment),
        gradients_source(),
        source_of([rate_and_cosine, measure_seed]),
        f"""
HEADS = {[head.name for head in heads]!r}
LOSSES = {[head.loss for head in heads]!r}
PAIRS = {settings.pairs!r}  # by position
MEASURED = {settings.measured_epochs!r}  # epochs
SEEDS, BATCH, RATE = {settings.seeds}, {training.batch}, {training.learning_rate!r}
FIRST = {training.seed}  # the first seed

trainer = Trainer(network, LOSSES, {OPTIMIZERS[training.optimizer].source("RATE")}, BATCH)
function = gradients_function(trainer.network, LOSSES)


def gradients(x, y, order):
    return gramian_and_counts(function, x, y, order, BATCH)


series = []
for rho in {list(settings.rhos) if dial else [None]!r}:
    found = []  # (seeds, epochs, pairs, 2)
    for number in range(SEEDS):
        x, y = data(rho, number)
        found.append(measure_seed(trainer, gradients, x, y, MEASURED, FIRST + number, RATE, PAIRS))
        print(f"{"ρ = {rho:g}, " if dial else ""}seed {{FIRST + number}} measured")
    for (one, other), values in zip(PAIRS, np.moveaxis(found, 2, 0)):
        rates, cosines = values[..., 0], values[..., 1]
        names = HEADS[one], HEADS[other]
        series.append({{"heads": names, "rho": rho, "rates": rates.tolist(), "cosines": cosines.tolist()}})
        # The median of the seeds, of which each has the mean over the epochs after the start.
        rate, cosine = (np.median(np.nanmean(each[:, 1:], axis=1)) for each in (rates, cosines))
        print(f"{{' and '.join(names)}}: {{rate:.4f}} of the batches in conflict, cosine {{cosine:.4f}}")
""",
    )
