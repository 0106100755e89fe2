"""Question 1: is one head drowned by scale, on Kendall's toy or in the visitor's network, and which method helps?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.optimizers import OPTIMIZERS, RULES
from backend.lab.problems.kendall_toy import BATCH, POINTS, kendall_toy
from backend.questions.base import Measured, Verdict
from backend.questions.lab.base import (
    CANNOT_TELL,
    MARGIN,
    MARKS,
    MEDIAN,
    LabEvidence,
    Question,
    QuestionSettings,
    shortened,
    start_and_epoch,
    too_few_or_many,
)
from backend.questions.lab.scripts import data_source, keras_script, network_source
from backend.questions.pictures import Readings, Reference, Seeds, Spread, in_figures, of_task
from backend.scripts.source import source_of, with_constants, with_helpers
from backend.training.export.method import methods_source
from backend.words import counted, listed, short
from two_heads.weightings import METHODS as WEIGHTINGS
from two_heads.weightings import MOST_HEADS

ProblemKey = Literal["kendall", "own"]
#: How the heads are trained: each alone; with the sum, at the visitor's own scales or with one head scaled up; or with
#: a method.
ArmKey = Literal["alone", "unscaled", "sum", "uw", "gradnorm"]
#: The methods that may help a head, beside the sum.
METHODS: tuple[ArmKey, ...] = ("uw", "gradnorm")

#: The targets of one head of the visitor's network are multiplied by this.
FACTOR = 100.0
#: Seconds of a step of Kendall's toy with all methods and both heads alone, and of compiling it, on an idle core.
STEP, COMPILE = 1.7e-3, 2.5
#: How long a training of the visitor's network takes relative to one of both styles.
OWN = 0.5


class ScaleSettings(QuestionSettings):
    """What a visitor can choose. With Kendall's toy, `experiment` has no effect."""

    read: ClassVar = frozenset({"batch", "validation", "seed"})

    problem: ProblemKey = "kendall"
    optimizer: Literal["adam", "sgd"] = "sgd"
    rate: float = Field(0.05, ge=1e-5, le=1.0, title="Learning rate", json_schema_extra={"step": 0.001})
    epochs: int = Field(150, ge=1, le=2_000, json_schema_extra={"step": 10})
    seeds: int = Field(12, ge=8, le=20)
    experiment: Experiment = Experiment()

    @property
    def heads(self) -> tuple[str, ...]:
        """The names of the heads."""
        return ("a", "b") if self.problem == "kendall" else tuple(h.name for h in self.experiment.architecture.heads)

    @property
    def large(self) -> int | None:
        """The position of the head on the larger scale: the first regression head. None without one."""
        if self.problem == "kendall":
            return 0
        kinds = [head.spec.kind for head in self.experiment.architecture.heads]
        return kinds.index("regression") if "regression" in kinds else None

    @property
    def arms(self) -> tuple[ArmKey, ...]:
        """All ways in which the heads are trained."""
        control: tuple[ArmKey, ...] = ("unscaled",) if self.problem == "own" else ()
        return "alone", *control, "sum", *METHODS


class Arm(Measured):
    """One way of training: the loss of each head at the end on the training data, (seeds, heads)."""

    key: ArmKey
    losses: tuple[tuple[float, ...], ...]


class ScaleEvidence(LabEvidence):
    """All ways of training, seed by seed. `sigmas` are what UW has learned, √eˢ: (seeds, heads)."""

    settings: ScaleSettings
    arms: tuple[Arm, ...]
    sigmas: tuple[tuple[float, ...], ...]

    @property
    def others(self) -> list[int]:
        """The positions of the heads that are not on the larger scale."""
        return [head for head in range(len(self.settings.heads)) if head != self.settings.large]

    def losses(self, arm: ArmKey, head: int) -> list[float]:
        """The loss of a head with each seed."""
        (result,) = [each for each in self.arms if each.key == arm]
        return [losses[head] for losses in result.losses]

    def ratio(self, arm: ArmKey, head: int, below: ArmKey = "alone") -> Seeds:
        """The loss of a head with `arm` ÷ its loss with `below`; NaN if a loss is not finite, or if the latter is 0."""
        over, under = np.array([self.losses(arm, head), self.losses(below, head)])
        with np.errstate(all="ignore"):
            ratios = np.where(np.isfinite(over) & np.isfinite(under) & (under > 0), over / under, math.nan)
        return Seeds(tuple(ratios.tolist()))

    def harm(self, head: int) -> float:
        """The median of a head's loss with the sum relative to its loss alone; infinite if there is none."""
        return float(np.nan_to_num(self.ratio("sum", head).median, nan=math.inf, posinf=math.inf))

    def worst(self) -> int:
        """The head that the sum harms most, of those that are not on the larger scale."""
        return max(self.others, key=self.harm)


def seconds(settings: ScaleSettings) -> float:
    """About how long the measurement takes on an idle core."""
    if settings.problem == "kendall":
        return COMPILE + STEP * settings.seeds * settings.epochs * -(-POINTS // BATCH)
    heads = len(settings.heads)
    passes = heads + 3 + (heads + 2)  # alone; unscaled, sum and UW; GradNorm has one more backward pass for each head
    start, epoch = start_and_epoch(settings.experiment)
    return 4 * start + OWN * settings.seeds * settings.epochs * epoch * passes


def refuse(settings: ScaleSettings) -> str | None:
    """Why the question refuses the visitor's network; None if it does not."""
    if settings.large is None:
        return (
            "Only the targets of a regression head have a scale, and your network has no such head. On Train, give one "
            "head a task whose targets are numbers."
        )
    return too_few_or_many(len(settings.heads), MOST_HEADS)


#: Kendall's network as Keras source.
TOY = """inputs = keras.Input(shape=(1,))
x = layers.Dense(1024, activation="relu")(inputs)
a = layers.Dense(1, name="a")(x)
b = layers.Dense(1, name="b")(x)
model = keras.Model(inputs=inputs, outputs=[a, b])
"""
_TOY_HEADS = Architecture(heads=(Head(name="a"), Head(name="b")))


def data(arm: str, number: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Kendall's toy: inputs, and a list of each head's targets, the same in every way of training."""
    x, y = kendall_toy(number)
    return x.astype("float32"), [y[:, :1].astype("float32"), y[:, 1:].astype("float32")]


def losses_at_the_end(
    trainer: Any, arm: str, x: np.ndarray, y: Sequence[np.ndarray], seed: int, rate: float, epochs: int
) -> list[float]:
    """The loss of each head after training with this seed; for "alone", after training with its loss alone."""

    def trained(weights: Sequence[float]) -> list[float]:
        trainer.begin(x, y, seed, rate, weights)
        trainer.train(epochs)
        return [float(f"{loss:.6g}") for loss in trainer.losses(x, y)]

    if arm == "alone":
        return [trained(np.eye(len(y))[head].tolist())[head] for head in range(len(y))]
    return trained([1.0] * len(y))


def code(settings: ScaleSettings) -> str:
    """The script: for each way of training, the losses of each seed; their medians relative to the loss alone."""
    own, large = settings.problem == "own", settings.large
    training = settings.experiment.training
    if own:
        first = f'factor = 1.0 if arm == "unscaled" else {FACTOR!r}\n'
        factors = {} if large is None else {large: "factor"}
        samples = data_source(settings.experiment, "arm, number", first, factors=factors)
    else:
        samples = with_constants(with_helpers(data))
    methods = {"UW": WEIGHTINGS["uw"], "GradNorm": WEIGHTINGS["gradnorm"]}
    return keras_script(
        "Is one head drowned by scale? Each head's loss at the end, relative to what it reaches alone.",
        samples,
        network_source(settings.experiment if own else TOY),
        methods_source(settings.experiment.architecture if own else _TOY_HEADS, methods),
        source_of([losses_at_the_end]),
        f"""
SEEDS, EPOCHS, BATCH, RATE = {settings.seeds}, {settings.epochs}, {training.batch if own else BATCH}, {settings.rate!r}
FIRST = {training.seed}  # the first seed

weighted, *combined = [
    Trainer(network, LOSSES, {OPTIMIZERS[settings.optimizer].source("RATE")}, BATCH, method)
    for method in (None, UW, GradNorm)
]
trainers = dict(zip(("uw", "gradnorm"), combined))
arms, sigmas = [], []
for arm in {list(settings.arms)!r}:
    trainer, losses = trainers.get(arm, weighted), []
    for number in range(SEEDS):
        losses.append(losses_at_the_end(trainer, arm, *data(arm, number), FIRST + number, RATE, EPOCHS))
        if arm == "uw":
            with np.errstate(over="ignore"):
                sigmas.append([float(f"{{each:.6g}}") for each in np.exp(trainer.state()["log_variances"] / 2)])
        print(f"{{arm}}, seed {{FIRST + number}}:", losses[-1])
    arms.append({{"key": arm, "losses": losses}})
for arm in arms[1:]:
    ratios = np.median(np.array(arm["losses"]) / np.array(arms[0]["losses"]), axis=0)
    print(f"{{arm['key']}} ÷ alone:", *(f"{{name}} {{ratio:.5g}}" for name, ratio in zip(HEADS, ratios)))
print("σ of UW:", *(f"{{name}} {{sigma:.5g}}" for name, sigma in zip(HEADS, np.median(sigmas, axis=0))))
""",
    )


TITLES: dict[ArmKey, str] = {"unscaled": "Sum at your scales", "sum": "Sum", "uw": "UW", "gradnorm": "GradNorm"}
#: A loss that is less than this multiple of another one counts as equal.
TELLS = 1 + MARGIN
#: The most heads that are drawn: the one on the larger scale, and those that the sum harms most.
MOST_DRAWN = 5
#: The last four are in the order of `_BY_METHODS`.
OPTIONS = (
    "no: each of them ends below it, or less than 5 % above",
    "yes, and UW alone clearly brings it down",
    "yes, and GradNorm alone clearly brings it down",
    "yes, and both clearly bring it down",
    "yes, and neither clearly brings it down",
)
_BY_METHODS: dict[tuple[ArmKey, ...], str] = dict(
    zip((("uw",), ("gradnorm",), ("uw", "gradnorm"), ()), OPTIONS[1:], strict=True)
)
DROWNED = (
    "A head is drowned if it ends with a larger loss on the training data than it reaches alone: in the same network, "
    "with as many steps at the same learning rate, but with no loss except its own. Its whole interval has to lie at "
    "least 5 % above. A method clearly brings it down if its whole interval lies below the loss with the sum."
)


def judge(evidence: ScaleEvidence) -> Verdict:
    """Compare each head that is not on the larger scale with what it reaches alone."""
    settings, head, answer = evidence.settings, evidence.worst(), _answer(evidence)
    name, with_sum = settings.heads[head], evidence.ratio("sum", head)
    after = f"After {counted(settings.epochs, 'epoch')} of {RULES[settings.optimizer]} at a rate of "
    after += short(settings.rate, 3)
    finding = f"{after}, head `{name}` ends with the sum at {with_sum.text(_ratio)} times its loss alone."
    if math.isnan(with_sum.median):
        finding = f"{after}, a loss of head `{name}` became NaN, infinite or 0, so it is compared with nothing."
    medians = (_ratio(Seeds(each).median) for each in zip(*evidence.sigmas, strict=True))
    sigmas = listed(f"{sigma} for `{each}`" for each, sigma in zip(settings.heads, medians, strict=True))
    why = (
        "In the sum, a loss on a larger scale has a longer gradient, so its head can decide most of the trunk's step. "
        f"UW divides each loss by a variance that it learns; σ is {sigmas}. GradNorm lengthens the gradient of "
        "a head whose loss falls more slowly than those of the others.\n\nWith plain SGD, a method changes the length "
        "of the steps, too. Adam divides the gradient of each weight by its running size, so the scales of the heads "
        "decide only its direction in the trunk."
    )
    table = in_figures(_rows(evidence, range(len(settings.heads))), MEDIAN)
    return Verdict(answer, finding + ("" if answer else CANNOT_TELL), why, table)


def _answer(evidence: ScaleEvidence) -> str | None:
    """The option that the intervals give; None if they leave it open."""
    intervals = {head: evidence.ratio("sum", head).interval for head in evidence.others}
    drowned = [head for head, bounds in intervals.items() if bounds and bounds.low >= TELLS]
    if drowned:
        helping = (method for method in METHODS if all(_brings_down(evidence, method, head) for head in drowned))
        return _BY_METHODS[tuple(helping)]
    return OPTIONS[0] if all(bounds and bounds.high < TELLS for bounds in intervals.values()) else None


def _brings_down(evidence: ScaleEvidence, method: ArmKey, head: int) -> bool:
    """Whether the interval of a head's loss lies below that with the sum."""
    bounds = evidence.ratio(method, head, below="sum").interval
    return bounds is not None and bounds.high < 1


def _ratio(value: float) -> str:
    return short(value, 4)


def _rows(evidence: ScaleEvidence, heads: Iterable[int]) -> list[Readings]:
    """A row for each way of combining the losses and each head.

    With the unscaled sum, the head on the larger scale has another unit, so it has no row.
    """
    names, large = shortened(evidence.settings.heads), evidence.settings.large
    return [
        evidence.ratio(arm, head).row(f"{TITLES[arm]}, {names[head]}", _ratio, of_task(head))
        for arm in evidence.settings.arms[1:]
        for head in heads
        if arm != "unscaled" or head != large
    ]


def picture(evidence: ScaleEvidence) -> Spread:
    """The loss of each head relative to its loss alone, by seed."""
    head = evidence.worst()
    ratio = _ratio(evidence.ratio("sum", head).median)
    title = f"Loss of head {evidence.settings.heads[head]} with the sum ÷ its loss alone: {ratio}"
    about = "Loss of each head ÷ its loss when it is trained alone"
    return Spread(title, _rows(evidence, drawn_heads(evidence)), Reference(1.0, "alone"), about=about, note=MARKS)


def drawn_heads(evidence: ScaleEvidence) -> list[int]:
    """The positions of the heads in the picture, in the order of the network."""
    large = evidence.settings.large
    others = sorted(evidence.others, key=evidence.harm, reverse=True)[: MOST_DRAWN - 1]
    return sorted([*others, *([] if large is None else [large])])


QUESTION = Question(
    key="scale",
    number=1,
    title="Is one head drowned by scale?",
    question="The losses of several heads are added up, and one loss is on a far larger scale than the others. Does a "
    "head on a smaller scale end 5 % or more above the loss that it reaches alone? UW and GradNorm weight the losses. "
    "Which of them clearly brings it down?",
    options=OPTIONS,
    settings=ScaleSettings,
    evidence=ScaleEvidence,
    seconds=seconds,
    test=judge,
    draw=picture,
    code=code,
    refuse=refuse,
    published=(
        ScaleSettings(),
        ScaleSettings(optimizer="adam", rate=0.003),
        ScaleSettings(problem="own", optimizer="adam", rate=0.003, epochs=10).on(Experiment()),
    ),
)
