"""The jobs of a training run: their payloads, and the events of a training. Its result is a `Run`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.experiment import Side
from backend.jobs import JobView
from backend.jobs.messages import Event, Phase
from backend.payloads import Durations, Followed, Sized
from backend.training.duration import is_xla_program
from backend.training.result import Array, Epoch, Snapshot


class Trained(Sized):
    """The payload of a job that trains both styles of an experiment."""

    experiment: Experiment

    @property
    def largest(self) -> Architecture:
        """The architecture of both models."""
        return self.experiment.architecture

    @property
    def affinity(self) -> Hashable:
        """The compiled styles: a worker that has them begins sooner."""
        return compiled_styles(self.experiment)


class TrainJob(Trained, Followed):
    """The payload of a `train` job: the experiment without the labels of its heads."""

    kind = "train"
    page = "train"
    noun = "Training"
    reducible = "epochs, seeds, sequences, timesteps or units"

    @classmethod
    def of(cls, experiment: Experiment) -> TrainJob:
        """The request for the training of `experiment`."""
        return cls(experiment=experiment.unlabelled())

    @property
    def key(self) -> Hashable:
        """The key of the experiment."""
        return self.experiment.key()

    def seconds(self, durations: Durations) -> float:
        """The expected seconds of the training, which this server learns from earlier trainings."""
        return durations.seconds(self.experiment)

    def share(self, view: JobView) -> float:
        """The share of all seeds' epochs that are trained."""
        return min(len(epochs_of(view.events)) / self._epochs, 1.0)

    def seconds_left(self, view: JobView) -> float | None:
        """The seconds of the remaining epochs, at the pace of those so far; None before the second epoch has ended."""
        epochs = epochs_of(view.events)
        if len(epochs) < 2:
            return None
        each = (epochs[-1].seconds - epochs[0].seconds) / (len(epochs) - 1)
        return each * max(self._epochs - len(epochs), 0)

    @property
    def _epochs(self) -> int:
        return self.experiment.training.epochs * self.experiment.training.seeds


class PrepareJob(Trained):
    """The payload of a `prepare` job, which compiles both styles before the experiment is trained. It has no result."""

    kind = "prepare"


class SeedsJob(Trained):
    """The payload of a `train_seeds` job: an experiment of one seed, and the seeds with which it is trained.

    The result is a list with the `Run` of each seed: the same, to the bit, as that of a `train` job with this seed.
    """

    kind = "train_seeds"

    seeds: tuple[int, ...] = Field(min_length=1, max_length=16)

    def seconds(self, durations: Durations) -> float:
        """The expected seconds of all trainings."""
        return len(self.seeds) * durations.seconds(self.experiment)

    def jobs(self) -> list[TrainJob]:
        """The job that would train each seed by itself."""
        return [TrainJob(experiment=self.experiment.with_training(seed=seed, seeds=1)) for seed in self.seeds]


@lru_cache(maxsize=256)  # a page asks for the same ones at each rerun
def compiled_styles(experiment: Experiment) -> tuple[Hashable, Hashable]:
    """A key for what is compiled of each side: sides with equal keys are compiled once.

    If both sides are the same, they still have two keys, because both train at once.
    """
    left, right = map(_compiled_side, experiment.sides())
    return (left, False), (right, left == right)


def _compiled_side(side: Side) -> Hashable:
    architecture, method = side.experiment.architecture, side.method
    losses = tuple((head.units, head.loss) for head in architecture.heads)
    optimizer = side.experiment.training.optimizer
    return side.style.write(architecture), losses, optimizer, method and method.key


@lru_cache(maxsize=256)
def traced_graphs(experiment: Experiment) -> Hashable:
    """A key of the graphs that a worker traces for the experiment: for full batches, and for a smaller last one."""
    size, _ = experiment.parts
    batches = [side.experiment.training.batch for side in experiment.sides()]
    sizes = tuple((batch, size >= batch, size % batch > 0) for batch in batches)
    return compiled_styles(experiment), sizes, is_xla_program(experiment)


class SaveModelJob(Sized):
    """The payload of a `save_model` job: `weights` (layer name → arrays) of the style with that key in `experiment`.

    The experiment has no labels. The result is the bytes of a `.keras` file.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    kind = "save_model"
    usual_seconds = 1.0

    experiment: Experiment
    style: str
    weights: dict[str, list[Array]]

    @property
    def largest(self) -> Architecture:
        """The architecture of the model."""
        return self.experiment.architecture


class EpochEvent(Event):
    """Both styles have finished an epoch. Some of these events have the weights after it, for pages that follow."""

    event: Literal["epoch"] = "epoch"
    data: Epoch
    weights: Snapshot | None = None


#: What a `train` job reports. Its phases are "building", "tracing" (of an XLA program "compiling") and "training".
TrainEvent = Annotated[Phase | EpochEvent, Field(discriminator="event")]


def epochs_of(events: Iterable[Event]) -> list[Epoch]:
    """The epochs among the events of a job, so that a live curve is drawn like a finished one."""
    return [event.data for event in events if isinstance(event, EpochEvent)]
