"""What `two_heads.fuse_heads` saves, and what `two_heads.GradientConflict` costs, as ratios within one run.

All times are processor time, of all threads together, so that other work on the machine matters little.

Fusing: a Conv1D, a GRU and a Dense layer, then heads Dense(1), batch 64, optimizer Adam, loss mse. Four models are
timed in turns: separate heads, the fused model that keeps the outputs ("names"), the fused model with one output
("one"), and another model with separate heads ("control"). `fusing_steps_names_k8` is the number of train steps of
`fit` in a second, with 8 heads. `fusing_step_names_k8` is the time of a step with separate heads ÷ that with the fused
model, and `infer` is the same for a forward pass of `predict`. `_low` and `_high` are the bounds of its interval.

Conflict: the time of epochs of a `fit` with the callback ÷ that without, on the same model, once TensorFlow has traced
its functions. `conflict_every_5_k2` measures after each fifth epoch, `control` is the `fit` without the callback once
more. `conflict_start_s_k2` are the seconds of tracing the gradients of all heads, before the first epoch.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median
from time import process_time
from typing import Any

from backend.statistics.intervals import FEWEST_PAIRS, paired_ratio

BATCH = 64
#: Heads of the models that are fused, and of the one whose gradients are compared.
FUSED, COMPARED = (2, 8, 32), 2
#: Seconds for all rounds of one quantity.
SECONDS = 10.0
#: Rows of an epoch and of a measurement, and epochs of a reading. A `fit` has `FEWEST_PAIRS` readings.
ROWS, MEASURED, EPOCHS = 512, 128, 5


def measure() -> Iterator[tuple[str, float]]:
    """The ratios with their intervals, each part in a process of its own."""
    for kind, heads in (*(("fusing", heads) for heads in FUSED), ("conflict", COMPARED)):
        command = [sys.executable, "-m", "benchmarks.fusing", kind, str(heads)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout
            for line in process.stdout:
                yield from json.loads(line).items()
        assert process.returncode == 0, command


def separate(heads: int) -> Any:
    """The model with separate heads, not compiled."""
    import keras
    from keras import layers

    inputs = keras.Input((32, 4))
    x = layers.Conv1D(32, 3, activation="relu", padding="same")(inputs)
    x = layers.GRU(32)(x)
    x = layers.Dense(64, activation="relu")(x)
    return keras.Model(inputs, [layers.Dense(1, name=f"h{head}")(x) for head in range(heads)])


def fusing(heads: int) -> Iterator[dict[str, float]]:
    """The figures of fusing, quantity by quantity."""
    from backend.jobs.runtime import Context
    from backend.worker.stopwatch import MOST_CALLS, READING, in_turns
    from two_heads import fuse_heads

    model = separate(heads)
    models = {
        "separate": model,
        "names": fuse_heads(model).model,
        "one": fuse_heads(model, keep_outputs=False).model,
        "control": separate(heads),
    }
    subjects = {name: _Subject(each) for name, each in models.items()}
    for quantity in ("step", "infer"):
        timers: dict[str, Callable[[int], float]] = {
            name: getattr(subject, quantity) for name, subject in subjects.items()
        }
        for timer in timers.values():
            timer(1)  # traces
        warm = median(timer(1) for timer in timers.values())
        readings = in_turns(timers, round(min(MOST_CALLS, max(1, READING / warm))), SECONDS, Context())
        if quantity == "step":
            yield {f"fusing_steps_{name}_k{heads}": 1 / median(times) for name, times in readings.items()}
        for name in ("names", "one", "control"):
            yield _figures(f"fusing_{quantity}_{name}_k{heads}", readings["separate"], readings[name])


class _Subject:
    """A model, compiled and fed as `fit` and `predict` do it. Each method returns the seconds of one call."""

    def __init__(self, model: Any) -> None:
        import keras
        import numpy as np
        import tensorflow as tf

        from backend.worker.keras_internals import fit_batches

        self._model = model
        model.compile(optimizer="adam", loss=keras.tree.map_structure(lambda _: "mse", model.output))
        draws = np.random.default_rng(0)
        x = draws.normal(size=(BATCH, 32, 4)).astype("float32")
        y = keras.tree.map_structure(
            lambda output: draws.normal(size=(BATCH, *output.shape[1:])).astype("float32"), model.output
        )
        self._batches = fit_batches(x, y, BATCH)
        self._data = [(tf.constant(x),)]
        model.make_train_function()
        model.make_predict_function()

    def step(self, calls: int) -> float:
        return _seconds(lambda: self._model.train_function(self._batches), calls)

    def infer(self, calls: int) -> float:
        return _seconds(lambda: self._model.predict_function(self._data), calls)


def conflict(heads: int) -> Iterator[dict[str, float]]:
    """The figures of the callback."""
    import keras
    import numpy as np

    from two_heads import GradientConflict

    class Clock(keras.callbacks.Callback):  # type: ignore[misc]
        """When a `fit` began, and when each reading began."""

        def on_train_begin(self, logs: Any = None) -> None:
            self.times = [process_time()]

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            if epoch % EPOCHS == 0:
                self.times.append(process_time())

    model = separate(heads)
    model.compile(optimizer="adam", loss=["mse"] * heads)
    draws = np.random.default_rng(0)
    x = draws.normal(size=(ROWS, 32, 4)).astype("float32")
    y = [draws.normal(size=(ROWS, 1)).astype("float32") for _ in range(heads)]
    some = x[:MEASURED], [each[:MEASURED] for each in y]
    model.fit(x, y, batch_size=BATCH, verbose=0)  # traces the step

    def fit(*callbacks: Any) -> tuple[float, list[float]]:
        """Seconds before the first epoch, and those of each reading."""
        clock = Clock()
        epochs = FEWEST_PAIRS * EPOCHS
        model.fit(x, y, batch_size=BATCH, epochs=epochs, verbose=0, callbacks=[clock, *callbacks])
        times = [*clock.times, process_time()]
        start, *readings = (later - earlier for earlier, later in pairwise(times))
        return start, readings

    _, without = fit()
    start, every_1 = fit(GradientConflict(*some))
    yield {f"conflict_start_s_k{heads}": start}
    for name, (_, readings) in {
        "every_5": fit(GradientConflict(*some, every=5)),
        "control": fit(),
        "every_1": (start, every_1),
    }.items():
        yield _figures(f"conflict_{name}_k{heads}", readings, without)


def _seconds(call: Callable[[], object], calls: int) -> float:
    start = process_time()
    for _ in range(calls):
        call()
    return (process_time() - start) / calls


def _figures(name: str, above: list[float], below: list[float]) -> dict[str, float]:
    """The ratio and the bounds of its interval."""
    found = paired_ratio(above, below)
    assert found
    assert found.low is not None
    assert found.high is not None
    return {name: found.median, f"{name}_low": found.low, f"{name}_high": found.high}


if __name__ == "__main__":
    kinds = {"fusing": fusing, "conflict": conflict}
    for figures in kinds[sys.argv[1]](int(sys.argv[2])):
        print(json.dumps(figures), flush=True)
