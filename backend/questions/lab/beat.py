"""Question 5: each method against fixed weights, tuned with the same effort and tested seed by seed.

Rates and weights are tuned on seeds of their own, so chance on the test seeds does not choose the best of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.dataset import Sequences, script_source
from backend.experiment.training import Training
from backend.questions.base import Measured, Verdict
from backend.questions.lab.base import (
    CANNOT_TELL,
    MARGIN,
    MARKS,
    LabEvidence,
    Question,
    percent,
)
from backend.questions.lab.scripts import keras_script, network_source
from backend.questions.pictures import Readings, Reference, Seeds, Spread, of_method
from backend.scripts.source import source_of
from backend.training.export.method import methods_source
from backend.words import listed
from two_heads.weightings import METHODS

MethodKey = Literal[
    "uw", "gls", "dwa", "rlw", "famo", "stch", "gradnorm",
    "mgda", "pcgrad", "upgrad", "dualproj", "cagrad", "imtl_g", "nash", "aligned_mtl", "fairgrad",
]  # fmt: skip
#: The losses of the heads.
Losses = tuple[float, ...]

#: The largest ratio of two weights in a sweep.
SPAN = 100.0
#: The first seed that is tested, and the first that rates are tuned on. No seed is used for both.
FIRST_TEST, FIRST_TUNING = 1, 1001


class BeatSettings(Measured):
    """How each entry is tuned and tested on the related pair of tasks.

    `levels` is the number of ratios in the sweep of two weights. `rates` is the grid of every entry. `samples`
    sequences train, as many tune, and as many test.
    """

    methods: tuple[MethodKey, ...] = ("uw", "rlw", "pcgrad", "cagrad")
    relatedness: float = 0.5
    scale: float = 3.0
    optimizer: Literal["adam", "sgd"] = "adam"
    levels: int = 5
    rates: tuple[float, ...] = (0.003, 0.01, 0.03)
    tuning: int = 2
    seeds: int = 10
    samples: int = 512
    epochs: int = 30

    def measured_experiment(self) -> Experiment:
        """What is trained: the fixed network on the related pair."""
        return Experiment(
            architecture=RELATED,
            sequences=Sequences(relatedness=self.relatedness, noise=(NOISE, NOISE), scale=(1.0, self.scale)),
            training=Training(optimizer=self.optimizer, batch=BATCH),
        )

    @property
    def weightings(self) -> tuple[Losses, ...]:
        """The fixed weights that take part; the sum of each is 1."""
        return weightings(self.levels)


#: Two neurons carry what both heads need. Noise leaves each head a loss that no training removes.
RELATED = Architecture(
    timesteps=3,
    features=2,
    lstm=(16,),
    dense=(DenseLayer(units=2, activation="linear"),),
    heads=(Head(name="a", task="related_a"), Head(name="b", task="related_b")),
)
BATCH, NOISE = 64, 0.5


class Entry(Measured):
    """Fixed weights or a method, tuned and tested. Losses are those after the last epoch.

    `key` is "fixed" or the method's. `tuned` has the losses of the heads for each rate and each tuning seed, on the
    tuning sequences; `tested` for each test seed at `rate`, on the test sequences. All heads have NaN if a
    loss became NaN or infinite in training.
    """

    key: str
    weights: Losses = ()
    tuned: tuple[tuple[Losses, ...], ...]
    rate: float
    tested: tuple[Losses, ...]

    @property
    def title(self) -> str:
        """The ratio of the weights, or the name of the method."""
        return ratio(self.weights) if self.key == "fixed" else METHODS[self.key].title

    @property
    def short_title(self) -> str:
        """The abbreviation in parentheses that ends the title; without one, the title."""
        title = self.title
        return title[title.index("(") + 1 : -1] if title.endswith(")") else title


class BeatEvidence(LabEvidence):
    """All entries: the fixed weights in the order of the sweep, then the methods."""

    settings: BeatSettings
    fixed: tuple[Entry, ...]
    methods: tuple[Entry, ...]


def weightings(levels: int) -> tuple[Losses, ...]:
    """Weights with the sum 1. Their ratio goes from 100 : 1 to 1 : 100 in equal steps of its logarithm."""
    ratios = SPAN ** np.linspace(1, -1, levels)
    return tuple((float(each / (1 + each)), float(1 / (1 + each))) for each in ratios)


def ratio(weights: Losses) -> str:
    """Weights as people say them, the smallest as 1: "10 : 1", "1 : 4.64"."""
    least = min(weights)
    return " : ".join(f"{each / least:.3g}" for each in weights)


def losses_after(
    trainer: Any, x: np.ndarray, y: Sequence[np.ndarray], size: int, epochs: int, seed: int, rate: float,
    weights: Sequence[float], part: int,
) -> list[float]:  # fmt: skip
    """Train on the first `size` sequences. The losses of the heads on the next ones (`part` 1) or on the last (2).

    All are NaN if one is NaN or infinite.
    """
    trainer.begin(x[:size], [targets[:size] for targets in y], seed, rate, weights)
    trainer.train(epochs)
    rows = slice(part * size, (part + 1) * size)
    losses = trainer.losses(x[rows], [targets[rows] for targets in y])
    return [float(f"{loss:.6g}") if np.isfinite(losses).all() else float("nan") for loss in losses]


def score(losses: Sequence[Sequence[float]]) -> float:
    """The mean logarithm of all losses over seeds and heads; infinite if one is NaN, infinite or not positive.

    It has no unit: every head counts the same, whatever the scale of its loss.
    """
    values = np.array(losses, float)
    fine = values.size > 0 and bool(np.isfinite(values).all()) and bool((values > 0).all())
    return float(np.log(values).mean()) if fine else float("inf")


def best_rate(tuned: Sequence[Sequence[Sequence[float]]]) -> int:
    """The position of the rate with the least score on the tuning seeds; the first of equals."""
    return int(np.argmin([score(losses) for losses in tuned]))


def tune_and_test(
    train: Callable[[int, float, int], list[float]],
    rates: Sequence[float],
    tuning: Sequence[int],
    testing: Sequence[int],
) -> dict[str, Any]:
    """Tune the rate on seeds of their own, then test with the best one. `train(seed, rate, part)` returns losses."""
    tuned = [[train(seed, rate, 1) for seed in tuning] for rate in rates]
    rate = rates[best_rate(tuned)]
    return {"tuned": tuned, "rate": rate, "tested": [train(seed, rate, 2) for seed in testing]}


def relative(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """The relative change of each loss against `theirs`, (seeds, heads).

    Infinite if only our loss is NaN or infinite. NaN if theirs is, or if theirs is 0.
    """
    with np.errstate(all="ignore"):
        ratio = np.where(np.isfinite(ours), ours, np.inf) / theirs
    return np.asarray(np.where(np.isfinite(theirs) & (theirs > 0), ratio, np.nan) - 1)


def delta_m(changed: np.ndarray) -> np.ndarray:
    """The geometric mean over the heads of the ratios of losses, minus 1, for each seed: negative is better."""
    with np.errstate(all="ignore"):
        means = np.expm1(np.log1p(changed).mean(axis=1))
    # A loss of 0 beside an infinite one would give NaN. The infinite one decides.
    return np.where(np.isposinf(changed).any(axis=1) & ~np.isnan(changed).any(axis=1), np.inf, means)


def code(settings: BeatSettings) -> str:
    """A script that tunes and tests every entry, and prints its rate, its losses and the median Δm of each method."""
    experiment = settings.measured_experiment()
    architecture = experiment.architecture
    sequences = experiment.sequences.model_copy(update={"samples": 3 * settings.samples})
    names = {key: f"TrainedWith{key.title().replace('_', '')}" for key in settings.methods}
    return keras_script(
        "Does any method beat tuned fixed weights? This takes some minutes.",
        "# The sequences and their targets: the first third trains, the second tunes, the last one tests\n\n"
        + script_source(architecture, sequences, (settings.samples,) * 3),
        network_source(experiment),
        methods_source(architecture, {name: METHODS[key] for key, name in names.items()}),
        source_of([losses_after, score, best_rate, tune_and_test, relative, delta_m]),
        f"""
FIXED = {[list(weights) for weights in settings.weightings]!r}
RATES = {list(settings.rates)}
TUNING_SEEDS = {list(range(FIRST_TUNING, FIRST_TUNING + settings.tuning))}
TEST_SEEDS = {list(range(FIRST_TEST, FIRST_TEST + settings.seeds))}
SIZE, EPOCHS, BATCH = {settings.samples}, {settings.epochs}, {experiment.training.batch}


def entry(key, trainer, weights=()):
    def train(seed, rate, part):
        print(".", end="", flush=True)
        targets = [y[name] for name in HEADS]
        return losses_after(trainer, x, targets, SIZE, EPOCHS, seed, rate, weights, part)

    found = tune_and_test(train, RATES, TUNING_SEEDS, TEST_SEEDS)
    losses = (f"{{loss:.4g}}" for loss in np.median(found["tested"], axis=0))
    print(f" {{key}} {{[round(each, 3) for each in weights]}}: rate {{found['rate']:g}}, median losses", *losses)
    return {{"key": key, "weights": weights, **found}}


def new_trainer(method=None):
    return Trainer(network, LOSSES, {experiment.training.optimizer_source}, BATCH, method)


weighted = new_trainer()
fixed = [entry("fixed", weighted, weights) for weights in FIXED]
best = min(fixed, key=lambda each: min(map(score, each["tuned"])))
methods = []
for key, method in {{{", ".join(f'"{key}": {name}' for key, name in names.items())}}}.items():
    methods.append(entry(key, new_trainer(method)))
    change = np.median(delta_m(relative(np.array(methods[-1]["tested"]), np.array(best["tested"]))))
    print(f"    median change of the geometric mean of the losses: {{100 * change:+.2f}} %")
""",
    )


#: The least probability that the intervals of all methods contain their true medians. The rest, the probability to miss
#: one, is divided equally among the intervals (Bonferroni).
CONFIDENCE = 0.95
OPTIONS = (
    "yes: at least one method beats them",
    "no: at best, there is no difference",
    "no: every method is worse",
)
#: What is compared, in one sentence. The page shows it above the pictures.
DEFINITION = (
    "Δm compares a method with the tuned fixed weights on the same test seed: it is the geometric mean, over the "
    "heads, of the method’s test loss ÷ the test loss of the tuned fixed weights, minus 1. A lower loss is better, so "
    "a negative Δm is better."
)
Outcome = Literal["better", "worse", "no difference", "not better", "cannot tell"]


@dataclass(frozen=True)
class Difference:
    """Δm of a method against the tuned fixed weights with each test seed, as a share: -0.1 is 10 % lower."""

    entry: Entry
    seeds: Seeds

    @property
    def outcome(self) -> Outcome:
        """What the interval says. "not better" means that the method is better by at most `MARGIN`, or worse."""
        bounds = self.seeds.interval
        if bounds is None or np.isnan([bounds.low, bounds.high]).any():
            return "cannot tell"
        if bounds.high < 0:
            return "better"
        if bounds.low > 0:
            return "worse"
        if bounds.low < -MARGIN:
            return "cannot tell"
        return "no difference" if bounds.high <= MARGIN else "not better"


def reference(evidence: BeatEvidence) -> Entry:
    """The tuned fixed weights: those with the least score on the tuning seeds, at their best rate."""
    return min(evidence.fixed, key=_tuning_score)


def _tuning_score(entry: Entry) -> float:
    return min(score(losses) for losses in entry.tuned)


def changes(entry: Entry, other: Entry) -> np.ndarray:
    """The relative change of each loss against `other` on the same seed, (seeds, heads)."""
    return relative(np.array(entry.tested, float), np.array(other.tested, float))


def differences(evidence: BeatEvidence) -> tuple[Difference, ...]:
    """The difference of each method. A seed that compares nothing leaves no interval."""
    best, sure = reference(evidence), confidence(evidence)
    return tuple(
        Difference(each, Seeds(tuple(delta_m(changes(each, best)).tolist()), sure)) for each in evidence.methods
    )


def confidence(evidence: BeatEvidence) -> float:
    """The confidence of each interval."""
    return 1 - (1 - CONFIDENCE) / len(evidence.methods)


def vertices(evidence: BeatEvidence) -> list[Entry]:
    """The fixed weights that no others beat on both losses on the tuning seeds. The tuned ones are among them."""
    with np.errstate(all="ignore"):
        means = [np.log(np.array(each.tuned[best_rate(each.tuned)], float)).mean(axis=0) for each in evidence.fixed]
    front = [
        entry
        for entry, mean in zip(evidence.fixed, means, strict=True)
        if np.isfinite(mean).all() and not any((other < mean).all() for other in means)
    ]
    return front or [reference(evidence)]


def judge(evidence: BeatEvidence) -> Verdict:
    """Compare each method with the tuned fixed weights, seed by seed."""
    compared, best = differences(evidence), reference(evidence)
    first = min(compared, key=lambda each: (each.outcome != "better", np.nan_to_num(each.seeds.median, nan=np.inf)))
    answer = None
    if math.isinf(_tuning_score(best)) or math.isnan(first.seeds.median):
        finding = (
            "With the tuned fixed weights, a loss became 0, NaN or infinite, so there is nothing to compare with. Try "
            "smaller rates."
        )
    else:
        answer = _answer([each.outcome for each in compared])
        finding = (
            f"Against the tuned fixed weights {best.title}, {first.entry.title} has a median Δm of "
            f"{first.seeds.text(percent)}; lower is better.{'' if answer else CANNOT_TELL}"
        )
    return Verdict(answer, finding)


def _answer(outcomes: list[Outcome]) -> str | None:
    """The option that holds; None if a method may be better and these seeds cannot tell."""
    if "better" in outcomes:
        return OPTIONS[0]
    if "cannot tell" in outcomes:
        return None
    return OPTIONS[2] if set(outcomes) == {"worse"} else OPTIONS[1]


def _rows(compared: Iterable[Difference]) -> list[Readings]:
    return [each.seeds.row(each.entry.short_title, percent, of_method(each.entry.key)) for each in compared]


def picture(evidence: BeatEvidence) -> Spread:
    """A row for each method: Δm against the tuned fixed weights, by test seed."""
    compared, best = differences(evidence), reference(evidence).title
    better = [each.entry.short_title for each in compared if each.outcome == "better"]
    title = f"No method clearly beats the tuned fixed weights {best}"
    if better:
        title = f"{listed(better)} {'beats' if len(better) == 1 else 'beat'} the tuned fixed weights {best}"
    about = f"Change of the losses (Δm) against the tuned fixed weights {best}: negative is better"
    return Spread(title, _rows(compared), Reference(0.0, "fixed weights"), "percent", about, MARKS)


QUESTION = Question(
    key="beat",
    number=5,
    title="Does any method beat tuned fixed weights?",
    options=OPTIONS,
    settings=BeatSettings,
    evidence=BeatEvidence,
    test=judge,
    draw=picture,
    code=code,
    published=(BeatSettings(),),
)
