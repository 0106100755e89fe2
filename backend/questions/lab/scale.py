"""Question 1, what it measures: Kendall's toy or the visitor's network, with each method and with each head alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np
from pydantic import Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Head
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.training import Training
from backend.lab.problems.kendall_toy import BATCH, POINTS, kendall_toy
from backend.questions.base import Measured
from backend.questions.lab.base import LabEvidence, QuestionSettings
from backend.questions.lab.scripts import data_source, keras_script, network_source
from backend.scripts.source import source_of, with_constants, with_helpers
from backend.statistics.intervals import Ratio, paired_ratio
from backend.training.duration import DurationEstimator
from backend.training.export.method import methods_source
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


class Settings(QuestionSettings):
    """What a visitor can choose. With Kendall's toy, `experiment` has no effect."""

    problem: ProblemKey = "kendall"
    optimizer: Literal["adam", "sgd"] = "sgd"
    rate: float = Field(0.05, ge=1e-5, le=1.0)
    epochs: int = Field(150, ge=1, le=2_000)
    seeds: int = Field(12, ge=8, le=20)
    experiment: Experiment = Experiment()

    def on(self, experiment: Experiment) -> Self:
        """These settings with the visitor's network, sequences, batch size, validation share and first seed.

        With Kendall's toy, all visitors share the default experiment.
        """
        if self.problem == "kendall":
            return self.model_copy(update={"experiment": Experiment()})
        training, sequences = experiment.training, experiment.sequences
        own_training = Training(batch=training.batch, validation=training.validation, seed=training.seed)
        own = Experiment(architecture=experiment.architecture.unlabelled(), sequences=sequences, training=own_training)
        return self.model_copy(update={"experiment": own})

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


class Evidence(LabEvidence):
    """All ways of training, seed by seed. `sigmas` are what UW has learned, √eˢ: (seeds, heads)."""

    settings: Settings
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

    def ratio(self, arm: ArmKey, head: int, below: ArmKey = "alone") -> Ratio | None:
        """The loss of a head with `arm` ÷ its loss with `below`, seed by seed.

        None if a loss is NaN or infinite, or if one with `below` is 0.
        """
        over, under = self.losses(arm, head), self.losses(below, head)
        usable = all(map(math.isfinite, over + under)) and min(under) > 0
        return paired_ratio(over, under) if usable else None

    def harm(self, head: int) -> float:
        """The median of a head's loss with the sum relative to its loss alone; infinite if there is none."""
        ratio = self.ratio("sum", head)
        return ratio.median if ratio else math.inf

    def worst(self) -> int:
        """The head that the sum harms most, of those that are not on the larger scale."""
        return max(self.others, key=self.harm)


def scaled(settings: Settings, factor: float) -> Experiment:
    """The visitor's experiment with the targets of the head on the larger scale multiplied by `factor`."""
    experiment, large = settings.experiment, settings.large
    heads = range(len(experiment.architecture.heads))
    scales = tuple(experiment.sequences.scale_of(head) * (factor if head == large else 1) for head in heads)
    sequences = experiment.sequences.model_copy(update={"scale": scales})
    return experiment.model_copy(update={"sequences": sequences})


def seconds(settings: Settings) -> float:
    """About how long the measurement takes on an idle core."""
    if settings.problem == "kendall":
        return COMPILE + STEP * settings.seeds * settings.epochs * -(-POINTS // BATCH)
    one, two = (_expected_seconds(settings.experiment, epochs) for epochs in (1, 2))
    heads, each = len(settings.heads), two - one
    passes = heads + 3 + (heads + 2)  # alone; unscaled, sum and UW; GradNorm has one more backward pass for each head
    return 4 * (one - each) + OWN * settings.seeds * settings.epochs * each * passes


def _expected_seconds(experiment: Experiment, epochs: int) -> float:
    return DurationEstimator().seconds(experiment.with_training(epochs=epochs))


def refuse(settings: Settings) -> str | None:
    """Why the question refuses the visitor's network; None if it does not."""
    heads = len(settings.heads)
    if heads < 2:
        return "Your network has one head, and this question compares heads. Add a head on Train."
    if heads > MOST_HEADS:
        return f"Your network has {heads} heads, and GradNorm takes at most {MOST_HEADS}. Remove some on Train."
    if settings.large is None:
        return (
            "Only the targets of a regression head have a scale, and your network has no such head. On Train, give one "
            "head a task whose targets are numbers."
        )
    return None


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


def code(settings: Settings) -> str:
    """The script: for each way of training, the losses of each seed; their medians relative to the loss alone."""
    own, large = settings.problem == "own", settings.large
    training = settings.experiment.training
    if own:
        first = f'factor = 1.0 if arm == "unscaled" else {FACTOR!r}\n'
        factors = {} if large is None else {large: "factor"}
        drawn = data_source(scaled(settings, 1.0), "arm, number", first, factors=factors)
    else:
        drawn = with_constants(with_helpers(data))
    methods = {"UW": WEIGHTINGS["uw"], "GradNorm": WEIGHTINGS["gradnorm"]}
    return keras_script(
        "Is one head drowned by scale? Each head's loss at the end, relative to what it reaches alone.",
        drawn,
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
