"""A real `model.fit` that can be cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from backend.experiment import Experiment
from backend.worker.runtime import Context


def compiled(model: keras.Model, experiment: Experiment, losses: Any, weights: Sequence[float] | None = None) -> None:
    """Compile with the visitor's optimizer and these losses."""
    optimizer = eval(experiment.training.optimizer_source, {"keras": keras})  # text of backend.training alone
    model.compile(optimizer=optimizer, loss=losses, loss_weights=weights)


def fit(
    model: keras.Model, x: np.ndarray, y: Any, batch: int, epochs: int, context: Context
) -> tuple[dict[str, list[float]], list[dict[str, float]]]:
    """Fit in the order given. Returns the history, and what Keras had logged after each batch."""
    watch = _Watch(context)
    history = model.fit(x, y, batch_size=batch, epochs=epochs, shuffle=False, verbose=0, callbacks=[watch]).history
    return history, watch.logs


class _Watch(keras.callbacks.Callback):  # type: ignore[misc]
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.logs: list[dict[str, float]] = []

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self._context.raise_if_cancelled()
        self.logs.append({name: float(value) for name, value in (logs or {}).items()})
