"""What a task is: something to predict about a sequence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.experiment.activations import OUTPUT
from backend.experiment.losses import Array, Kind, losses_of
from backend.experiment.sources import SYNTHETIC, Source

Target = Callable[[Array, dict[str, Array], int, np.random.Generator, float], Array]

#: The activations and losses that a head can have, by the kind of its task. The first is the default.
OUTPUTS = {kind: (activations, losses_of(kind)) for kind, activations in OUTPUT.items()}


@dataclass(frozen=True)
class Mark:
    """Something to draw that shows where a task's value comes from, on feature number `feature` (from 0) of a sequence.

    `points` are (timestep, value), timesteps from 1. A "line" goes through them, a "ring" is around each, a "dot" on
    each, and a "span" is the time between two of them. A "word" has no points: only its `name` is shown.
    """

    kind: Literal["line", "ring", "dot", "span", "word"]
    name: str
    feature: int = 0
    points: tuple[tuple[float, float], ...] = ()


Marks = Callable[[Array, dict[str, Array], int], list[Mark]]
Guess = Callable[[dict[str, Array]], Array]


def no_marks(sequence: Array, factors: dict[str, Array], units: int) -> list[Mark]:
    """No marks: for a task whose value has no place in the sequence where it could be drawn."""
    return []


@dataclass(frozen=True)
class Task:
    """One thing to predict about a sequence.

    `target(x, factors, units, rng, relatedness)` computes the targets (n, units): numbers, 0 or 1 for each unit, or
    one-hot rows, depending on `kind`. `x` is (n, timesteps, features); `factors` are those of the `Dataset`, each of
    length n. It is pure NumPy, because an exported script contains its source and that of the functions it calls.
    `units` is the inclusive range of units that a head can have. A head needs at least `min_timesteps`, and with
    `features_per_unit` a feature for each unit.

    `marks(sequence, factors, units)` shows the result of `target` for one sequence (timesteps, features) with these
    `factors`.

    `guess(factors)` predicts the targets (n, units) without a network, before their scale: a baseline. None if there is
    no better guess than the same numbers for every sequence. `source` is where the sequences come from.
    """

    name: str
    title: str
    description: str
    kind: Kind
    target: Target
    units: tuple[int, int] = (1, 16)
    min_timesteps: int = 1
    features_per_unit: bool = True
    marks: Marks = no_marks
    guess: Guess | None = None
    source: Source = SYNTHETIC

    def smallest_input(self, units: int) -> tuple[int, int]:
        """The smallest (timesteps, features) on which a head with so many units can learn this task."""
        return self.min_timesteps, units if self.features_per_unit else 1
