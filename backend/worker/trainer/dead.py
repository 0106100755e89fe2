"""Counts the dead units of both sides of a pair after an epoch."""

from __future__ import annotations

from backend.experiment.experiment import Side
from backend.network.dead import dead_units, has_relu
from backend.worker.trainer.side_by_side import SideBySide, TrainedEpoch


def dead_of_sides(sides: tuple[Side, Side], pair: SideBySide, trained: TrainedEpoch) -> tuple[int | None, int | None]:
    """The number of dead units of each side on its training sequences; None without ReLU in its shared layers."""

    def count(number: int) -> int | None:
        architecture = sides[number].experiment.architecture
        if not has_relu(architecture):
            return None
        return dead_units(architecture, trained.weights()[number], pair.data[number][0].numpy()[: pair.size])

    return count(0), count(1)
