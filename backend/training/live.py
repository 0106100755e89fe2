"""The weights of a run by epoch: after which epochs they are kept, and which of them are sent while the run trains.

Only weights that are kept anyway are sent, so nothing is computed for that.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

import numpy as np

from backend.experiment import Experiment
from backend.jobs.messages import Event
from backend.network.neurons import edges, groups, visible
from backend.training.job import EpochEvent
from backend.training.result import Snapshot

#: The most epochs that are kept, and the most bytes of all together: weights and predictions of both styles.
MAX_SNAPSHOTS = 50
MAX_SNAPSHOT_BYTES = 700_000
#: The most bytes that are sent of an epoch. The weights of a larger network are shown when its run has ended.
MAX_BYTES = 16_384
#: The fewest seconds between two epochs whose weights are sent.
EVERY = 0.2


def epochs_kept(experiment: Experiment, predicted: int) -> set[int]:
    """The epochs after which weights and `predicted` numbers are kept: evenly spread, with the first and the last."""
    architecture, epochs = experiment.architecture, experiment.training.epochs
    units = {group.name: visible(group.units) for group in groups(architecture)}
    blocks = edges(architecture, experiment.sides()[0].style)
    size = 8 * (sum(units[block.source] * units[block.target] for block in blocks) + predicted)
    count = min(MAX_SNAPSHOTS, epochs + 1, max(2, MAX_SNAPSHOT_BYTES // size))
    return set(np.linspace(0, epochs, count).round().astype(int).tolist())


class LiveWeights:
    """Chooses the snapshots of one run that are sent, out of at most `MAX_SNAPSHOTS`."""

    def __init__(self) -> None:
        self._sent = float("-inf")

    def of(self, snapshot: Snapshot) -> Snapshot | None:
        """What is sent of a snapshot; None if its weights are too large, or if others were sent just before."""
        small = weights_alone(snapshot) if monotonic() >= self._sent + EVERY else None
        if small is not None:
            self._sent = monotonic()
        return small


def weights_alone(snapshot: Snapshot) -> Snapshot | None:
    """The snapshot without predictions; None if its weights are more than `MAX_BYTES`."""
    blocks = [*snapshot.left.values(), *snapshot.right.values()]
    return snapshot.model_copy(update={"predictions": {}}) if sum(each.nbytes for each in blocks) <= MAX_BYTES else None


def snapshots_of(events: Iterable[Event]) -> list[Snapshot]:
    """The weights among the events of a run, in the order of the epochs, without predictions."""
    return [event.weights for event in events if isinstance(event, EpochEvent) and event.weights is not None]
