"""The job that measures the gradients of a visitor's heads: what a worker gets and reports."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.sources import File
from backend.experiment.styles import STYLES
from backend.lab.gradients import Gradients, measured_epochs
from backend.network.parameters import parameters
from backend.payloads import Durations
from backend.questions.base import Question, QuestionJob
from backend.questions.gradients.script import write
from backend.training.job import compiled_styles
from two_heads.weightings import MOST_HEADS

#: The most numbers in the gradients of all heads together. A worker holds some copies of them in float64.
MOST_NUMBERS = 8_000_000

#: The question of every measurement, which no visitor predicts.
QUESTION = Question(
    key="gradients", settings=Experiment, evidence=Gradients, measure="backend.worker.gradients:gradients", code=write
)


class GradientsJob(QuestionJob):
    """The payload of a `gradients` job: the experiment without the labels of its heads. Its result is `Gradients`."""

    kind = "gradients"
    page = "own"
    noun = "Measuring my heads"
    reducible = "epochs, sequences, heads or units"
    family: ClassVar = {QUESTION.key: QUESTION}

    question: str = QUESTION.key
    settings: Experiment

    @classmethod
    def on(cls, experiment: Experiment) -> GradientsJob:
        """The request to measure `experiment`."""
        return cls(settings=experiment.unlabelled().of_styles())

    @property
    def decided_by(self) -> str:
        """All of the experiment but its labels."""
        return self.settings.key()

    @property
    def largest(self) -> Architecture:
        """The architecture that is trained."""
        return self.settings.architecture

    @property
    def affinity(self) -> Hashable:
        """The compiled styles: a worker that has them begins sooner."""
        return compiled_styles(self.settings)

    @property
    def recording(self) -> File | None:
        """The recording on which the network is trained."""
        return self.settings.architecture.source.file

    def needed_experiment(self, experiment: Experiment) -> Experiment:
        """The visitor's `experiment` if it gives the same result; else the measured one."""
        return experiment if GradientsJob.on(experiment).key == self.key else self.settings

    def refusal(self) -> str | None:
        """Why the gradients of these heads cannot be compared, in a sentence; None if they can."""
        heads, count = len(self.largest.heads), parameters(self.largest, STYLES["functional"])
        if heads == 1:
            return "This model has one head, and nothing to compare it with: a conflict needs at least two."
        if heads > MOST_HEADS:
            return f"This model has {heads} heads, and the measurement takes at most {MOST_HEADS}. Remove some."
        if heads * count > MOST_NUMBERS:
            return (
                f"The gradients of {heads} heads by {count:,} parameters have {heads * count:,} numbers, but a "
                f"measurement takes at most {MOST_NUMBERS:,}. Use fewer units, layers or heads."
            )
        return None

    def seconds(self, durations: Durations) -> float:
        """The expected seconds of the measurement, its training included."""
        epochs, heads = self.settings.training.epochs, len(self.largest.heads)
        each = 1 + heads / 3  # a backward pass of one head takes a third of a step of both styles, with 2 and 16 heads
        training = durations.seconds(self.settings.with_training(seeds=1))
        return training * (1 + len(measured_epochs(epochs)) * each / epochs)
