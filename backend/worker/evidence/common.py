"""What several measurements start from: two models of one architecture with the same weights, in either precision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import keras
import numpy as np

from backend.architecture import Architecture
from backend.experiment import Experiment
from backend.sequences import draw
from backend.styles import STYLES, Style
from backend.worker.build import build, carry, heads_of, load, weights_of


@dataclass(frozen=True)
class Twins:
    """A fused model and one with a head a task; the second starts with the weights of the first."""

    architecture: Architecture
    fused: keras.Model
    separate: keras.Model

    @property
    def styles(self) -> tuple[Style, Style]:
        """The styles of the two."""
        return STYLES["sequential"], STYLES["functional"]

    def outputs(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Both models' outputs on `x`, heads side by side: (n, units of all heads) each."""
        both = []
        for model, style in zip((self.fused, self.separate), self.styles, strict=True):
            by_head = heads_of(model(x, training=False), self.architecture, style)
            both.append(np.concatenate(list(by_head.values()), axis=1))
        return both[0], both[1]


def twins(architecture: Architecture, seed: int) -> Twins:
    """Build Sequential and Functional with equal weights. The architecture must be one that both can write."""
    sequential, functional = STYLES["sequential"], STYLES["functional"]
    fused = build(sequential.write(architecture), seed)
    separate = build(functional.write(architecture), seed)
    load(separate, carry(weights_of(fused), architecture, sequential, functional))
    return Twins(architecture, fused, separate)


def sample(experiment: Experiment, n: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The first `n` of the visitor's sequences (fewer where there are fewer), and their targets by head."""
    drawn = draw(experiment.architecture, experiment.sequences)
    return drawn.x[:n], {name: values[:n] for name, values in drawn.y.items()}


@contextmanager
def float64() -> Iterator[None]:
    """Build and train in double precision, where round-off cannot hide a difference."""
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    try:
        yield
    finally:
        keras.config.set_floatx(before)
        keras.config.set_dtype_policy(policy)
