"""Question 1: is one head drowned by scale, on Kendall's toy or in the app's network, and which method helps?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.optimizers import OPTIMIZERS, RULES
from backend.lab.problems.kendall_toy import BATCH, kendall_toy
from backend.questions.base import Measured, Verdict
from backend.questions.lab.base import (
    CANNOT_TELL,
    MARGIN,
    MARKS,
    LabEvidence,
    Question,
)
from backend.questions.lab.scripts import data_source, keras_script, network_source
from backend.questions.pictures import Reference, Seeds, Spread, of_task
from backend.scripts.source import source_of, with_constants, with_helpers
from backend.training.export.method import methods_source
from backend.words import counted, short
from two_heads.weightings import METHODS as WEIGHTINGS

ProblemKey = Literal["kendall", "app"]
#: How the heads are trained: each alone; with the sum, at the app's own scales or with one head scaled up; or with
#: a method.
ArmKey = Literal["alone", "unscaled", "sum", "uw", "gradnorm"]
#: The methods that may help a head, beside the sum.
METHODS: tuple[ArmKey, ...] = ("uw", "gradnorm")

#: In the app's network, the targets of the first head are multiplied by this.
FACTOR = 100.0
#: The positions of the head on the larger scale and of the other one.
LARGE, SMALL = 0, 1
#: The app's network.
APP = Experiment()


class ScaleSettings(Measured):
    """With `app`, the app's network learns its own tasks in place of Kendall's toy."""

    problem: ProblemKey = "kendall"
    optimizer: Literal["adam", "sgd"] = "sgd"
    rate: float = 0.05
    epochs: int = 150
    seeds: int = 12

    @property
    def heads(self) -> tuple[str, ...]:
        """The names of the two heads. The first one is on the larger scale."""
        return ("a", "b") if self.problem == "kendall" else tuple(head.name for head in APP.architecture.heads)

    @property
    def arms(self) -> tuple[ArmKey, ...]:
        """All ways in which the heads are trained."""
        control: tuple[ArmKey, ...] = ("unscaled",) if self.problem == "app" else ()
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
    app, training = settings.problem == "app", APP.training
    if app:
        first = f'factor = 1.0 if arm == "unscaled" else {FACTOR!r}\n'
        samples = data_source(APP, "arm, number", first, factors={LARGE: "factor"})
    else:
        samples = with_constants(with_helpers(data))
    methods = {"UW": WEIGHTINGS["uw"], "GradNorm": WEIGHTINGS["gradnorm"]}
    return keras_script(
        "Is one head drowned by scale? Each head's loss at the end, relative to what it reaches alone.",
        samples,
        network_source(APP if app else TOY),
        methods_source(APP.architecture if app else _TOY_HEADS, methods),
        source_of([losses_at_the_end]),
        f"""
SEEDS, EPOCHS, BATCH, RATE = {settings.seeds}, {settings.epochs}, {training.batch if app else BATCH}, {settings.rate!r}
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


TITLES: dict[ArmKey, str] = {"unscaled": "Sum, unscaled", "sum": "Sum", "uw": "UW", "gradnorm": "GradNorm"}
#: A loss that is less than this multiple of another one counts as equal.
TELLS = 1 + MARGIN
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
    """Compare the head on the smaller scale with what it reaches alone."""
    settings, answer, with_sum = evidence.settings, _answer(evidence), evidence.ratio("sum", SMALL)
    name = settings.heads[SMALL]
    after = f"after {counted(settings.epochs, 'epoch')} of {RULES[settings.optimizer]} at learning rate "
    after += short(settings.rate, 3)
    finding = f"With the sum, head `{name}` ends at {with_sum.text(_ratio)} times its loss alone {after}."
    if math.isnan(with_sum.median):
        finding = f"A loss of head `{name}` became NaN, infinite or 0 {after}, so there is no ratio."
    return Verdict(answer, finding + ("" if answer else CANNOT_TELL))


def _answer(evidence: ScaleEvidence) -> str | None:
    """The option that the intervals give; None if they leave it open."""
    bounds = evidence.ratio("sum", SMALL).interval
    if bounds and bounds.low >= TELLS:
        return _BY_METHODS[tuple(method for method in METHODS if _brings_down(evidence, method))]
    return OPTIONS[0] if bounds and bounds.high < TELLS else None


def _brings_down(evidence: ScaleEvidence, method: ArmKey) -> bool:
    """Whether the interval of the loss of the head on the smaller scale lies below that with the sum."""
    bounds = evidence.ratio(method, SMALL, below="sum").interval
    return bounds is not None and bounds.high < 1


def _ratio(value: float) -> str:
    return short(value, 4)


def picture(evidence: ScaleEvidence) -> Spread:
    """The loss of each head relative to its loss alone, by seed.

    With the unscaled sum, the head on the larger scale has another unit, so it has no row.
    """
    heads = evidence.settings.heads
    rows = [
        evidence.ratio(arm, head).row(f"{TITLES[arm]}, {name}", _ratio, of_task(head))
        for arm in evidence.settings.arms[1:]
        for head, name in enumerate(heads)
        if (arm, head) != ("unscaled", LARGE)
    ]
    ratio = _ratio(evidence.ratio("sum", SMALL).median)
    title = f"Loss of head {heads[SMALL]} with the sum ÷ its loss alone: {ratio}"
    about = "Loss of each head ÷ its loss when it is trained alone"
    return Spread(title, rows, Reference(1.0, "alone"), about=about, note=MARKS)


QUESTION = Question(
    key="scale",
    number=1,
    title="Is one head drowned by scale?",
    options=OPTIONS,
    settings=ScaleSettings,
    evidence=ScaleEvidence,
    test=judge,
    draw=picture,
    code=code,
    published=(
        ScaleSettings(),
        ScaleSettings(optimizer="adam", rate=0.003),
        ScaleSettings(problem="app", optimizer="adam", rate=0.003, epochs=10),
    ),
)
