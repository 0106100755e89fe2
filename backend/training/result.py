"""A run: one execution of an experiment as one typed, serializable value.

Charts, tables and exports are functions of it.
"""

from __future__ import annotations

import base64
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, SerializationInfo

from backend.experiment import Experiment

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")


def _read(value: Any) -> np.ndarray:
    """An array from any form in which it is serialized. Raises ValueError for another one."""
    if isinstance(value, dict):
        numbers = np.frombuffer(base64.b64decode(value["float32"], validate=True), dtype="<f4")
        return numbers.reshape(value["shape"]).astype(np.float32)  # a copy that may be written to
    return np.asarray(value, dtype=np.float32)


def _write(value: Any, info: SerializationInfo) -> Any:
    """Nested lists; in JSON, the bytes: they are exact and a quarter as long, and JSON has no NaN."""
    array = np.asarray(value, dtype="<f4")
    if info.mode != "json":
        return array.tolist()
    return {"shape": array.shape, "float32": base64.b64encode(array.tobytes()).decode()}


Array = Annotated[np.ndarray, PlainValidator(_read), PlainSerializer(_write)]


class Record(BaseModel):
    """Base class of the parts of a run. Arrays are float32. A number may be NaN or infinite."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid", ser_json_inf_nan="constants")


class Losses(Record):
    """The losses of one style after an epoch: the total loss, and each head's loss before it is weighted.

    `dead` is the number of dead units (`backend.network.dead`) after the last epoch of a seed. It is None after other
    epochs, without ReLU in the shared layers, and in runs from before it was counted.
    """

    total: float
    heads: dict[str, float]
    val_total: float | None = None
    val_heads: dict[str, float] = Field(default_factory=dict)
    dead: int | None = None

    @property
    def compared_total(self) -> float:
        """The total loss that pages compare: on the validation sequences, or without any on the training sequences."""
        return self.total if self.val_total is None else self.val_total

    def compared(self, head: str) -> float:
        """The loss of that head that pages compare, on the same sequences as `compared_total`."""
        return self.val_heads.get(head, self.heads[head])


class Epoch(Record):
    """One epoch of both styles. `epoch` counts from 1, `seconds` from the start of the run."""

    seed: int
    epoch: int
    left: Losses
    right: Losses
    seconds: float

    @property
    def ratio(self) -> float:
        """The right total divided by the left one (`compared_total`)."""
        left, right = self.left.compared_total, self.right.compared_total
        return right / left if left else float("nan")


class Snapshot(Record):
    """The weights between the neurons of a diagram, and the predictions, after `epoch` epochs (0: before training).

    `left` and `right` have a matrix for each block of `backend.network.neurons.edges`, by its key `source→target`. Rows
    and columns are the visible neurons. `predictions` are each style's, head → (n, units), on the sequences of
    `Run.predictions`.
    """

    epoch: int
    left: dict[str, Array]
    right: dict[str, Array]
    predictions: dict[Side, dict[str, Array]] = Field(default_factory=dict)


class Predictions(Record):
    """The truth and each style's predictions at the end, head → (n, units), on the first of the validation sequences.

    They are on the first training sequences if there are no validation sequences.
    """

    truth: dict[str, Array]
    left: dict[str, Array]
    right: dict[str, Array]


class Timings(Record):
    """Measured seconds. `traced` is the number of graphs that this run traced.

    `step` is one step of both styles, and `evaluate` are all seconds of validation and of the outputs of snapshots. In
    XLA programs of the trainer 0.1.0, a step has its part of them, and `evaluate` is 0.
    """

    build: float
    trace: float
    train: float
    step: float
    steps: int
    traced: int
    evaluate: float = 0.0


class Run(Record):
    """The result of an experiment. `styles` are those that ran; `stopped` says in a sentence why it ended early."""

    experiment: Experiment
    styles: tuple[str, str]
    epochs: list[Epoch]
    snapshots: list[Snapshot]
    predictions: Predictions | None
    weights: dict[Side, dict[str, list[Array]]]
    timings: Timings
    versions: dict[str, str]
    stopped: str | None = None

    @property
    def software(self) -> str:
        """The software with its versions, in a few words."""
        titles = {
            "two_heads": "Two Heads",
            "keras": "Keras",
            "tensorflow": "TensorFlow",
            "numpy": "NumPy",
            "python": "Python",
        }
        return ", ".join(f"{title} {self.versions[key]}" for key, title in titles.items() if key in self.versions)

    @property
    def seeds(self) -> list[int]:
        """The seeds that ran, in order."""
        return list(dict.fromkeys(epoch.seed for epoch in self.epochs))
