"""Question 2: how often the gradients of two heads conflict while they train one trunk, by how related they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

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
    RHO,
    TOO_SIMILAR,
    LabEvidence,
    Question,
    rho,
)
from backend.questions.lab.scripts import data_source, gradients_source, keras_script, network_source
from backend.questions.pictures import (
    Line,
    Lines,
    Reference,
    Seeds,
    Spread,
    on_dial,
)
from backend.scripts.source import source_of
from backend.statistics.intervals import Interval

#: The heads of the related pair, by their tasks.
PAIR = ("related_a", "related_b")
#: The network of the related pair: the default trunk.
RELATED = Experiment(architecture=Architecture(heads=tuple(Head(name=name[-1], task=name) for name in PAIR)))
#: The epochs of a training at which the gradients are measured, the start among them.
POINTS = 5


class ConflictSettings(Measured):
    """The relatednesses ρ of the two tasks, and how they are trained."""

    rhos: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    epochs: int = 8
    seeds: int = 8

    @property
    def measured_epochs(self) -> list[int]:
        """The epochs after which the gradients are measured, with the start."""
        points = np.linspace(0, self.epochs, min(self.epochs + 1, POINTS))
        return sorted({int(epoch) for epoch in points.round()})


class Series(Measured):
    """The two heads at one relatedness.

    `rates` are (seeds, epochs): the share of an epoch's batches in which the two gradients conflict; NaN if undefined.
    """

    heads: tuple[str, str]
    rho: float
    rates: tuple[tuple[float, ...], ...]

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
    training, heads = RELATED.training, RELATED.architecture.heads
    return keras_script(
        "How often do the gradients of two heads conflict while they train one trunk?",
        data_source(RELATED, "rho, number", relatedness="rho"),
        network_source(RELATED),
        gradients_source(),
        source_of([measure_seed]),
        f"""
HEADS = {[head.name for head in heads]!r}
LOSSES = {[head.loss for head in heads]!r}
PAIRS = [(0, 1)]  # by position
MEASURED = {settings.measured_epochs!r}  # epochs
SEEDS, BATCH, RATE = {settings.seeds}, {training.batch}, {training.learning_rate!r}
FIRST = {training.seed}  # the first seed

trainer = Trainer(network, LOSSES, {OPTIMIZERS[training.optimizer].source("RATE")}, BATCH)
function = gradients_function(trainer.network, LOSSES)


def gradients(x, y, order):
    return gramian_and_counts(function, x, y, order, BATCH)


series = []
for rho in {list(settings.rhos)!r}:
    found = []  # (seeds, epochs, pairs)
    for number in range(SEEDS):
        x, y = data(rho, number)
        found.append(measure_seed(trainer, gradients, x, y, MEASURED, FIRST + number, RATE, PAIRS))
        print(f"ρ = {{rho:g}}, seed {{FIRST + number}} measured")
    for (one, other), rates in zip(PAIRS, np.moveaxis(found, 2, 0)):
        names = HEADS[one], HEADS[other]
        series.append({{"heads": names, "rho": rho, "rates": rates.tolist()}})
        # The median of the seeds, of which each has the mean over the epochs after the start.
        rate = np.median(np.nanmean(rates[:, 1:], axis=1))
        print(f"{{' and '.join(names)}}: {{rate:.4f}} of the batches in conflict")
""",
    )


DASHES = ("solid", "dot", "dash", "dashdot", "longdash", "longdashdot")
OPTIONS = (
    "less often, the more the tasks have in common",
    "as often, whatever the tasks have in common",
    "more often, the more the tasks have in common",
)


def judge(evidence: ConflictEvidence) -> Verdict:
    """Compare the least related tasks with the most related ones, seed by seed."""
    by_rho = sorted(evidence.series, key=lambda each: abs(each.rho))
    low, high = by_rho[0], by_rho[-1]
    finding = (
        f"The two heads conflict in {_share(low)} of the batches at {rho(low.rho)}, and in {_share(high)} at "
        f"{rho(high.rho)}."
    )
    if abs(low.rho) > LEAST or abs(high.rho) < LARGEST:
        return Verdict(None, finding + TOO_SIMILAR)
    changes = np.subtract(high.of_seeds.values, low.of_seeds.values)
    answer = _answer(Seeds(tuple(changes.tolist())).interval)
    return Verdict(answer, finding + ("" if answer else CANNOT_TELL))


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
    """A row for each relatedness: the share of the batches in which the two heads conflict, by seed."""
    rows = [each.of_seeds.row(label, _percent, colour) for each, label, colour in _by_rho(evidence)]
    return Spread("Share of the batches in conflict", rows, Reference(0.5, "half"), "percent", note=f"{MARKS} {RHO}")


def by_epoch(evidence: ConflictEvidence) -> Lines:
    """The share of the batches in conflict over the epochs: a line for each relatedness, the median of its seeds."""
    lines = [
        Line(label, [Seeds(each).median for each in zip(*series.rates, strict=True)], colour, dash)
        for (series, label, colour), dash in zip(_by_rho(evidence), DASHES, strict=False)
    ]
    title = "Share of the batches in conflict, by epoch"
    return Lines(title, evidence.settings.measured_epochs, lines, x_name="epoch")


def _by_rho(evidence: ConflictEvidence) -> list[tuple[Series, str, str]]:
    """The series in the order of their relatedness, each with its label and its colour."""
    series = sorted(evidence.series, key=lambda each: each.rho)
    return [(each, rho(each.rho), on_dial(row / max(len(series) - 1, 1))) for row, each in enumerate(series)]


QUESTION = Question(
    key="conflict",
    number=2,
    title="Do my heads conflict?",
    options=OPTIONS,
    settings=ConflictSettings,
    evidence=ConflictEvidence,
    test=judge,
    draw=picture,
    code=code,
    published=(ConflictSettings(),),
)
