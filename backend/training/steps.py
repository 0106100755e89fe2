"""The first training steps of both styles, one by one: what a worker gets, and what it returns."""

from __future__ import annotations

from collections.abc import Hashable

from backend.experiment import Experiment
from backend.jobs.messages import SharedPayload
from backend.payloads import Durations
from backend.training.job import Trained
from backend.training.result import Array, Record, Snapshot

#: The most steps that are taken one by one. All are in the first epoch, so no method has seen the end of an epoch.
MOST_STEPS = 100


class StepsJob(SharedPayload, Trained):
    """The payload of a `steps` job: the experiment without the labels of its heads. Its result is `Steps`."""

    kind = "steps"
    reducible = "timesteps, units or heads"
    most_kept = 64

    @classmethod
    def of(cls, experiment: Experiment) -> StepsJob:
        """The request for the first steps of `experiment`."""
        return cls(experiment=experiment.unlabelled())

    @property
    def key(self) -> Hashable:
        """The key of the experiment, on which labels have no effect."""
        return self.experiment.key()

    def seconds(self, durations: Durations) -> float:
        """The expected seconds of one epoch of one seed."""
        return durations.seconds(self.experiment.with_training(epochs=1, seeds=1))


class Steps(Record):
    """The first steps of both styles.

    `losses` are (steps, 2, 1 + heads): left and right; the total and each head's, on the step's batch and before the
    step. `weights` are the visible ones before the first step and after each, or None if they are too large.
    """

    losses: Array
    weights: list[Snapshot | None]


def in_epoch(experiment: Experiment) -> int:
    """The steps of an epoch: one for each batch."""
    size, _ = experiment.parts
    return -(-size // experiment.training.batch)


def in_all(experiment: Experiment) -> int:
    """How many steps are taken one by one."""
    return min(in_epoch(experiment), MOST_STEPS)
