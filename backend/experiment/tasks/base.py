"""What every task on the synthetic sequences states about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

Kind = Literal["regression", "binary", "multiclass"]
Array = np.ndarray
Target = Callable[[Array, dict[str, Array], int, np.random.Generator, float], Array]

#: Activations and losses that make sense for the output of a head, by the kind of its task. The first is the default.
OUTPUTS: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "regression": (("linear", "tanh", "relu"), ("mse", "mae", "huber")),
    "binary": (("sigmoid",), ("binary_crossentropy", "mse")),
    "multiclass": (("softmax",), ("categorical_crossentropy", "mse")),
}


@dataclass(frozen=True)
class Task:
    """One thing to predict about a sequence.

    `target(x, factors, units, rng, relatedness)` is pure NumPy (an exported script carries its source, and that of the
    functions it calls): `x` is (n, timesteps, features), `factors` what the sequences were made from (each of length
    n), and the result is float32 of shape (n, units): numbers, 0/1 per unit, or one-hot rows, by `kind`.
    `units` is the inclusive range a head may have.
    """

    name: str
    title: str
    description: str
    kind: Kind
    target: Target
    units: tuple[int, int] = (1, 16)
    min_timesteps: int = 1
    features_per_unit: bool = True

    def smallest_input(self, units: int) -> tuple[int, int]:
        """Smallest (timesteps, features) on which this task makes sense for a head of `units` units."""
        return self.min_timesteps, units if self.features_per_unit else 1
