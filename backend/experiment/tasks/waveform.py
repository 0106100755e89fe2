"""Which wave is the sequence made of?"""

from __future__ import annotations

import numpy as np

from backend.experiment.tasks.base import Mark, Task


def waveform_target(
    x: np.ndarray, factors: dict[str, np.ndarray], units: int, rng: np.random.Generator, relatedness: float
) -> np.ndarray:
    """One-hot class of the wave, one of `units`: (n, units).

    The five waves are sine, triangle, sawtooth, square, pulse; with fewer classes, similar waves share a class.
    """
    classes = {2: (0, 0, 1, 1, 1), 3: (0, 0, 1, 1, 2), 4: (0, 0, 1, 2, 3), 5: (0, 1, 2, 3, 4)}[units]
    return np.asarray(np.eye(units)[np.array(classes)[factors["waveform"]]], np.float32)


def waveform_marks(sequence: np.ndarray, factors: dict[str, np.ndarray], units: int) -> list[Mark]:
    """The name of the wave, whatever number its class has."""
    return [Mark("word", ("sine", "triangle", "sawtooth", "square", "pulse")[int(factors["waveform"])])]


TASK = Task(
    name="waveform",
    title="Waveform",
    description="The shape of the wave. With 2 classes: smooth or with jumps. With 5: sine, triangle, sawtooth, "
    "square or pulse.",
    kind="multiclass",
    target=waveform_target,
    marks=waveform_marks,
    units=(2, 5),
    min_timesteps=8,
    features_per_unit=False,
)
