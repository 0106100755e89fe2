"""Used by several measurements: the visitor's sequences, and double precision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np

from backend.experiment import Experiment
from backend.experiment.dataset import generate


def sample(experiment: Experiment, n: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The first `n` of the visitor's sequences, or all if there are fewer, and their targets by head."""
    dataset = generate(experiment.architecture, experiment.sequences, experiment.parts)
    return dataset.x[:n], {name: values[:n] for name, values in dataset.y.items()}


@contextmanager
def float64() -> Iterator[None]:
    """Build and train in double precision within this context, so that round-off cannot hide a difference."""
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    try:
        yield
    finally:
        keras.config.set_floatx(before)
        keras.config.set_dtype_policy(policy)
