"""The weights of a run by epoch: after which epochs they are kept, and which of them are sent while the run trains.

Only weights that are kept anyway are sent, so nothing is computed for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import monotonic

import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.styles import Style
from backend.jobs.messages import Event
from backend.network.neurons import edges, groups, visible
from backend.training.job import EpochEvent, PackedWeights
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
    """Packs the snapshots of one run, of which there are at most `MAX_SNAPSHOTS`."""

    def __init__(self) -> None:
        self._sent = float("-inf")

    def pack(self, snapshot: Snapshot) -> PackedWeights | None:
        """The weights of both styles; None if they are too large, or if others were packed just before."""
        if monotonic() < self._sent + EVERY:
            return None
        packed = pack(snapshot.left, snapshot.right)
        if packed is not None:
            self._sent = monotonic()
        return packed


def pack(left: Mapping[str, np.ndarray], right: Mapping[str, np.ndarray]) -> PackedWeights | None:
    """The visible weights of both styles, by block, as bytes; None if they are more than `MAX_BYTES`."""
    if sum(block.size for block in (*left.values(), *right.values())) * 4 > MAX_BYTES:
        return None
    return _bytes(left.values()), _bytes(right.values())


def unpack(experiment: Experiment, epoch: int, packed: PackedWeights) -> Snapshot:
    """The weights of `experiment` that were packed, as those after `epoch`, without predictions."""
    left, right = (
        _blocks(experiment.architecture, side.style, data)
        for side, data in zip(experiment.sides(), packed, strict=True)
    )
    return Snapshot(epoch=epoch, left=left, right=right)


def snapshots_of(experiment: Experiment, events: Iterable[Event]) -> list[Snapshot]:
    """The weights among the events of a run of `experiment`, in the order of the epochs, without predictions."""
    return [
        unpack(experiment, event.data.epoch, event.weights)
        for event in events
        if isinstance(event, EpochEvent) and event.weights is not None
    ]


def _bytes(blocks: Iterable[np.ndarray]) -> bytes:
    return b"".join(np.asarray(block, "<f4").tobytes() for block in blocks)


def _blocks(architecture: Architecture, style: Style, data: bytes) -> dict[str, np.ndarray]:
    """The blocks of visible weights that `data` holds one after the other, by their keys."""
    units = {group.name: visible(group.units) for group in groups(architecture)}
    numbers, at = np.frombuffer(data, "<f4"), 0
    blocks: dict[str, np.ndarray] = {}
    for block in edges(architecture, style):
        shape = units[block.source], units[block.target]
        end = at + shape[0] * shape[1]
        blocks[block.key], at = numbers[at:end].reshape(shape), end
    return blocks
