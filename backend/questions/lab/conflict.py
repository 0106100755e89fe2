"""Question 2: how often the gradients of two heads conflict while they train one trunk, by how related they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.optimizers import OPTIMIZERS
from backend.questions.base import Measured, Verdict
from backend.questions.lab.base import (
    CANNOT_TELL,
    LARGEST,
    LEAST,
    MARGIN,
    MARKS,
    MEDIAN,
    RHO,
    TOO_SIMILAR,
    Distinct,
    LabEvidence,
    Question,
    QuestionSettings,
    rho,
    start_and_epoch,
    too_few_or_many,
)
from backend.questions.lab.scripts import data_source, gradients_source, keras_script, network_source
from backend.questions.pictures import (
    Line,
    Lines,
    Readings,
    Reference,
    Seeds,
    Spread,
    in_figures,
    of_task,
    on_dial,
)
from backend.scripts.source import source_of
from backend.statistics.intervals import Interval

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


class ConflictSettings(QuestionSettings):
    """What a visitor can choose. `rhos` matter only if the network has the related pair."""

    read: ClassVar = frozenset({"optimizer", "learning_rate", "batch", "validation", "seed"})

    problem: ProblemKey = "related"
    rhos: Distinct[Rho] = Field((0.0, 0.25, 0.5, 0.75, 1.0), min_length=2, max_length=7, title="Relatedness ρ")
    epochs: int = Field(8, ge=1, le=100)
    seeds: int = Field(8, ge=8, le=20)
    experiment: Experiment = RELATED

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
    """One pair of heads, at one relatedness if there is a dial.

    `rates` are (seeds, epochs): the share of an epoch's batches in which the two gradients conflict; NaN if undefined.
    """

    heads: tuple[str, str]
    rho: float | None = None
    rates: tuple[tuple[float, ...], ...]

    @property
    def label(self) -> str:
        """The relatedness, or else the two heads."""
        return " and ".join(self.heads) if self.rho is None else rho(self.rho)

    @property
    def of_seeds(self) -> Seeds:
        """The mean of each seed over the epochs after the start; NaN if no epoch has a value."""
        after = np.array(self.rates)[:, 1:]
        usable = np.isfinite(after)
        with np.errstate(all="ignore"):
            means = np.where(usable, after, 0).sum(axis=1) / usable.sum(axis=1)
        return Seeds(tuple(means.tolist()))


class ConflictEvidence(LabEvidence):
    """All pairs or all relatednesses, in the order of the settings."""

    settings: ConflictSettings
    series: tuple[Series, ...]


def related_pair(architecture: Architecture) -> tuple[int, int] | None:
    """The positions of the first head of each task of the related pair; None if one is missing."""
    tasks = [head.task for head in architecture.heads]
    return (tasks.index(PAIR[0]), tasks.index(PAIR[1])) if set(PAIR) <= set(tasks) else None


def seconds(settings: ConflictSettings) -> float:
    """About how long the measurement takes on an idle core."""
    start, epoch = start_and_epoch(settings.experiment)
    levels, heads = len(settings.rhos) if settings.dial else 1, len(settings.experiment.architecture.heads)
    epochs = settings.epochs + len(settings.measured_epochs) * (1 + heads / 3)
    return start + SEED * settings.seeds * levels * epochs * epoch


def refuse(settings: ConflictSettings) -> str | None:
    """Why the question refuses the visitor's network; None if it does not."""
    return too_few_or_many(len(settings.experiment.architecture.heads), MOST_HEADS)


def measure_seed(
    trainer: Any, gradients: Callable[..., Any], x: np.ndarray, y: Sequence[np.ndarray], epochs: Sequence[int],
    seed: int, rate: float, pairs: Sequence[tuple[int, int]],
) -> list[list[float]]:  # fmt: skip
    """Train with this seed. For each of the epochs, and each pair: the conflict rate after it; NaN if undefined.

    `gradients(x, y, order)` returns the products of the gradients, and the counts of the batches in this order.
    """
    trainer.begin(x, y, seed, rate)
    done, found = 0, []
    for epoch in epochs:
        trainer.train(epoch - done)
        done = epoch
        with np.errstate(all="ignore"):
            _, counts = gradients(x, y, np.random.default_rng([seed, epoch]).permutation(len(x)))
            rates = counts[1] / counts[0]
        found.append([float(f"{rates[pair]:.4g}") for pair in pairs])
    return found


def code(settings: ConflictSettings) -> str:
    """The script: the conflict rate of each seed and epoch, and its medians by relatedness or pair."""
    experiment, dial = settings.experiment, settings.dial
    training, heads = experiment.training, experiment.architecture.heads
    return keras_script(
        "How often do the gradients of two heads conflict while they train one trunk?",
        data_source(experiment, "rho, number", relatedness="rho" if dial else ""),
        network_source(experiment),
        gradients_source(),
        source_of([measure_seed]),
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
    found = []  # (seeds, epochs, pairs)
    for number in range(SEEDS):
        x, y = data(rho, number)
        found.append(measure_seed(trainer, gradients, x, y, MEASURED, FIRST + number, RATE, PAIRS))
        print(f"{"ρ = {rho:g}, " if dial else ""}seed {{FIRST + number}} measured")
    for (one, other), rates in zip(PAIRS, np.moveaxis(found, 2, 0)):
        names = HEADS[one], HEADS[other]
        series.append({{"heads": names, "rho": rho, "rates": rates.tolist()}})
        # The median of the seeds, of which each has the mean over the epochs after the start.
        rate = np.median(np.nanmean(rates[:, 1:], axis=1))
        print(f"{{' and '.join(names)}}: {{rate:.4f}} of the batches in conflict")
""",
    )


#: The most pairs that are drawn: those that conflict most often.
MOST_PAIRS = 6
DASHES = ("solid", "dot", "dash", "dashdot", "longdash", "longdashdot")
OPTIONS = (
    "less often, the more the tasks have in common",
    "as often, whatever the tasks have in common",
    "more often, the more the tasks have in common",
)
_WHY = (
    "Two heads conflict in a batch if the cosine between their gradients is below 0: a small step of gradient descent "
    "for one head alone makes the other head's loss rise. A gradient is that of a head's own loss with respect to the "
    "trunk. The gradients of a batch scatter around those of all training sequences. So heads whose gradients agree on "
    "all of them may conflict in many batches.\n\n"
    "ρ is the cosine between the directions that the two tasks of the related pair read. At 0 they read uncorrelated "
    "values, and gradients without a common direction conflict in about half of the batches. A head can turn the sign "
    "round with its own weights, so only |ρ| counts."
)


def judge(evidence: ConflictEvidence) -> Verdict:
    """Compare the least related tasks with the most related ones, seed by seed."""
    table = in_figures(_rows(evidence, evidence.series), MEDIAN)
    if not evidence.settings.dial:
        most = drawn_series(evidence)[0]
        finding = (
            f"`{most.heads[0]}` and `{most.heads[1]}` conflict most often: in {_share(most)} of the batches. Without "
            "the related pair of tasks, no relatedness can be set, so none of the answers applies."
        )
        return Verdict(None, finding, _WHY, table)
    by_rho = sorted(evidence.series, key=lambda each: abs(each.rho or 0))
    low, high = by_rho[0], by_rho[-1]
    finding = (
        f"The two heads conflict in {_share(low)} of the batches at {low.label}, and in {_share(high)} at {high.label}."
    )
    answer = None
    if abs(low.rho or 0) > LEAST or abs(high.rho or 0) < LARGEST:
        finding += TOO_SIMILAR
    else:
        changes = np.subtract(high.of_seeds.values, low.of_seeds.values)
        answer = _answer(Seeds(tuple(changes.tolist())).interval)
        finding += "" if answer else CANNOT_TELL
    return Verdict(answer, finding, _WHY, table)


def _answer(interval: Interval | None) -> str | None:
    """The option that the interval of the differences between the most and the least related tasks gives."""
    if interval is None:
        return None
    if interval.low > -MARGIN and interval.high < MARGIN:
        return OPTIONS[1]
    if interval.high < 0:
        return OPTIONS[0]
    return OPTIONS[2] if interval.low > 0 else None


def _share(series: Series) -> str:
    return series.of_seeds.text(_percent)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if np.isfinite(share) else "undefined"


def picture(evidence: ConflictEvidence) -> Spread:
    """A row for each relatedness or pair: the share of the batches in which two heads conflict, by seed."""
    note = f"{MARKS} {RHO}" if evidence.settings.dial else MARKS
    rows = _rows(evidence, drawn_series(evidence))
    return Spread("Share of the batches in conflict", rows, Reference(0.5, "half"), "percent", note=note)


def by_epoch(evidence: ConflictEvidence) -> Lines:
    """The share of the batches in conflict over the epochs: a line for each row, the median of its seeds."""
    lines = [
        Line(
            series.label, [Seeds(each).median for each in zip(*series.rates, strict=True)], _colour(evidence, row),
            DASHES[row % len(DASHES)],
        )
        for row, series in enumerate(drawn_series(evidence))
    ]  # fmt: skip
    title = "Share of the batches in conflict, by epoch"
    return Lines(title, evidence.settings.measured_epochs, lines, x_name="epoch")


def drawn_series(evidence: ConflictEvidence) -> list[Series]:
    """The series that are drawn: every relatedness in order, or the pairs that conflict most often."""
    if evidence.settings.dial:
        return sorted(evidence.series, key=lambda each: each.rho or 0.0)
    often = sorted(evidence.series, key=lambda each: -np.nan_to_num(each.of_seeds.median, nan=-1))
    return often[:MOST_PAIRS]


def _colour(evidence: ConflictEvidence, row: int) -> str:
    """The colour of a row: by its place on the dial, or by the position of its pair."""
    return on_dial(row / max(len(evidence.series) - 1, 1)) if evidence.settings.dial else of_task(row)


def _rows(evidence: ConflictEvidence, drawn: Sequence[Series]) -> list[Readings]:
    return [each.of_seeds.row(each.label, _percent, _colour(evidence, row)) for row, each in enumerate(drawn)]


QUESTION = Question(
    key="conflict",
    number=2,
    title="Do my heads conflict?",
    question="Two heads train one trunk. In some batches their gradients conflict: a small step of gradient descent "
    "for one head alone raises the loss of the other. Two tasks can have nothing in common, or be equal. How often do "
    "their heads conflict?",
    options=OPTIONS,
    settings=ConflictSettings,
    evidence=ConflictEvidence,
    seconds=seconds,
    test=judge,
    draw=picture,
    code=code,
    refuse=refuse,
    published=(ConflictSettings(),),
)
