"""What a visitor can choose for question 5, and what a worker measures."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import AfterValidator, Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, DenseLayer, Head
from backend.experiment.dataset import Sequences
from backend.experiment.experiment import usual_sequences
from backend.experiment.own_table import FEWEST_SEQUENCES
from backend.experiment.sources import MOST_PARTS
from backend.experiment.training import Training
from backend.questions.base import Measured
from backend.questions.lab.base import QuestionSettings, distinct
from two_heads.weightings import METHODS

ProblemKey = Literal["related", "own"]
MethodKey = Literal[
    "uw", "gls", "dwa", "rlw", "famo", "stch", "gradnorm",
    "mgda", "pcgrad", "upgrad", "dualproj", "cagrad", "imtl_g", "nash", "aligned_mtl", "fairgrad",
]  # fmt: skip
Rate = Annotated[float, Field(ge=1e-5, le=10)]
#: The losses of the heads.
Losses = tuple[float, ...]

#: The control: a method should also beat random weights.
CONTROL = "rlw"
#: The most heads. With more, the sweep and the table are too long to read.
MOST_HEADS = 8
#: The weight of an emphasised head if there are more than two, and the largest ratio of two weights in a sweep.
EMPHASIS, SPAN = 10.0, 100.0
#: The fewest sequences of each part: a mean over fewer says little.
FEWEST = 64
#: The first seed that is tested, and the first that rates are tuned on. No seed is used for both.
FIRST_TEST, FIRST_TUNING = 1, 1001


class Settings(QuestionSettings):
    """What a visitor can choose.

    `related` is a fixed network on the related pair of tasks, `own` the visitor's. `levels` is the number of ratios in
    the sweep of two weights. `rates` is the grid of every entry. `samples` sequences train, as many tune, and as many
    test.
    """

    problem: ProblemKey = "related"
    methods: Annotated[tuple[MethodKey, ...], AfterValidator(distinct)] = Field(
        ("uw", "rlw", "pcgrad", "cagrad"), min_length=1, max_length=16
    )
    relatedness: float = Field(0.5, ge=0, le=1)
    scale: float = Field(3.0, ge=0.1, le=10)
    optimizer: Literal["adam", "sgd"] = "adam"
    levels: int = Field(5, ge=3, le=15)
    rates: Annotated[tuple[Rate, ...], AfterValidator(distinct)] = Field(
        (0.003, 0.01, 0.03), min_length=1, max_length=5
    )
    tuning: int = Field(2, ge=1, le=5)
    seeds: int = Field(10, ge=10, le=30)
    samples: int = Field(512, ge=FEWEST_SEQUENCES // MOST_PARTS, le=2048)  # `refuse` wants more
    epochs: int = Field(30, ge=1, le=100)
    experiment: Experiment = Experiment()

    def on(self, experiment: Experiment) -> Self:
        """These settings on the visitor's network. `samples` is at most a third of a recording's sequences.

        What has no effect gets its default, so that equal measurements have equal settings.
        """
        if self.problem == "related":
            return self.model_copy(update={"experiment": Experiment()})
        sequences, training = experiment.sequences, experiment.training
        own = Experiment(
            architecture=experiment.architecture.unlabelled(),
            sequences=sequences.model_copy(update={"samples": usual_sequences(experiment.architecture).samples}),
            training=Training(optimizer=training.optimizer, batch=training.batch),
        )
        unused = {name: type(self).model_fields[name].default for name in ("relatedness", "scale", "optimizer")}
        if len(own.architecture.heads) != 2:
            unused["levels"] = type(self).model_fields["levels"].default
        source = experiment.architecture.source
        if source.recorded:
            most = source.most_sequences(experiment.architecture.timesteps, 3) // 3
            unused["samples"] = min(self.samples, most)
        return self.model_copy(update={"experiment": own, **unused})

    def measured_experiment(self) -> Experiment:
        """What is trained: the fixed network on the related pair, or the visitor's own."""
        if self.problem == "own":
            return self.experiment
        return Experiment(
            architecture=RELATED,
            sequences=Sequences(relatedness=self.relatedness, noise=(NOISE, NOISE), scale=(1.0, self.scale)),
            training=Training(optimizer=self.optimizer, batch=BATCH),
        )

    def sequences(self) -> Sequences:
        """Three times `samples` sequences: those that train, those that tune, and those that test."""
        return self.measured_experiment().sequences.model_copy(update={"samples": 3 * self.samples})

    @property
    def parts(self) -> tuple[int, int, int]:
        """How many sequences train, tune and test."""
        return (self.samples,) * 3

    @property
    def heads(self) -> tuple[str, ...]:
        """The names of the heads."""
        return tuple(head.name for head in self.measured_experiment().architecture.heads)

    @property
    def tuning_seeds(self) -> range:
        """The seeds that decide rates and weights."""
        return range(FIRST_TUNING, FIRST_TUNING + self.tuning)

    @property
    def test_seeds(self) -> range:
        """The seeds that are compared. No rate and no weight depends on them."""
        return range(FIRST_TEST, FIRST_TEST + self.seeds)

    @property
    def weightings(self) -> tuple[Losses, ...]:
        """The fixed weights that take part; the sum of each is 1."""
        return weightings(len(self.heads), self.levels)


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

    @property
    def diverged(self) -> int:
        """On how many test seeds a loss became NaN or infinite."""
        return sum(not all(map(math.isfinite, losses)) for losses in self.tested)


class Evidence(Measured):
    """All entries: the fixed weights in the order of the sweep, then the methods."""

    settings: Settings
    fixed: tuple[Entry, ...]
    methods: tuple[Entry, ...]


def weightings(heads: int, levels: int) -> tuple[Losses, ...]:
    """Weights with the sum 1. For two heads, their ratio goes from 100 : 1 to 1 : 100 in equal steps of its logarithm.

    For more heads they are equal weights, and for each head ten times the weight of the others.
    """
    if heads == 2:
        ratios = SPAN ** np.linspace(1, -1, levels)
        return tuple((float(each / (1 + each)), float(1 / (1 + each))) for each in ratios)
    rows = [np.ones(heads), *(1 + (EMPHASIS - 1) * np.eye(heads))]
    return tuple(tuple((row / row.sum()).tolist()) for row in rows)


def ratio(weights: Losses) -> str:
    """Weights as people say them, the smallest as 1: "10 : 1", "1 : 4.64"."""
    least = min(weights)
    return " : ".join(f"{each / least:.3g}" for each in weights)
