"""The trainer behind the measurements of four questions: `worker/lab_questions/runs.py`, or plain Keras in a script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from backend.scripts.source import source_of_file

#: The imports of a script with a `Trainer`.
IMPORTS = """from functools import cache

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops"""


def trainer_source(*names: str) -> str:
    """The text of `Trainer` and of the functions `names` of `worker/lab_questions/plain.py`, which are plain Keras."""
    return source_of_file("worker/lab_questions/plain.py", "initial_weights", "Trainer", *names)


class Trainer(Protocol):
    """One network, trained again and again: `begin` goes back to the initial weights of a seed.

    `weights` are those of the losses; all 1 if there are none. `losses` returns the mean loss of each head, (heads,),
    and `state` what a method has learned beside the weights, by name.
    """

    def begin(
        self, x: np.ndarray, y: Sequence[np.ndarray], seed: int, rate: float, weights: Sequence[float] = ()
    ) -> None: ...

    def train(self, epochs: int) -> None: ...

    def losses(self, x: np.ndarray, y: Sequence[np.ndarray]) -> np.ndarray: ...

    def state(self) -> dict[str, np.ndarray]: ...
