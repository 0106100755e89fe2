"""The settings and the evidence of question 1."""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import Field

from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.questions.base import Measured
from backend.questions.lab.base import QuestionSettings
from backend.statistics.intervals import Ratio, paired_ratio

ProblemKey = Literal["kendall", "own"]
#: How the heads are trained: each alone; with the sum, at the visitor's own scales or with one head scaled up; or with
#: a method.
ArmKey = Literal["alone", "unscaled", "sum", "uw", "gradnorm"]
#: The methods that may help a head, beside the sum.
METHODS: tuple[ArmKey, ...] = ("uw", "gradnorm")
TITLES: dict[ArmKey, str] = {"unscaled": "Sum at your scales", "sum": "Sum", "uw": "UW", "gradnorm": "GradNorm"}

#: The targets of one head of the visitor's network are multiplied by this.
FACTOR = 100.0


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


class Evidence(Measured):
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
