"""The paired trainer against plain `model.fit`: both default styles, 1,024 sequences, batch 32, 20 epochs.

Each runs in a process of its own: `model.fit` with TensorFlow's default threads, the trainer set up like a worker of
the app. They are measured alternately, so that other load on the machine affects both.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from backend.experiment import Experiment
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training

ROUNDS = 5
TRAINING = Training(validation=0)
EXPERIMENT = Experiment(sequences=Sequences(samples=1024), training=TRAINING)
STEPS = 2 * TRAINING.epochs * 1024 // TRAINING.batch  # of both styles together


def measure() -> Iterator[tuple[str, float]]:
    """Medians over the rounds. Each speed-up is the median of the ratios within the rounds."""
    with ExitStack() as stack:
        fit, pair = (stack.enter_context(Process(kind)) for kind in ("fit", "pair"))
        for process in (fit, pair):  # the first model in a process takes longer
            process.measure(EXPERIMENT)
        rounds = [{**fit.measure(EXPERIMENT), **pair.measure(EXPERIMENT)} for _ in range(ROUNDS)]

    def middle(value: str, over: str | None = None) -> float:
        return median(row[value] / row[over] if over else row[value] for row in rounds)

    yield from {
        "fit_steps_per_s": STEPS / middle("fit_again"),
        "train_steps_per_s": STEPS / middle("steps"),
        "train_speedup_vs_fit": middle("fit_again", "steps"),
        "fit_s": middle("fit"),
        "cold_s": middle("cold"),
        "warm_s": middle("warm"),
        "warm_speedup_vs_fit": middle("fit", "warm"),
        "cold_speedup_vs_fit": middle("fit", "cold"),
        "first_epoch_ms_warm": 1000 * middle("first_epoch_warm"),
        "first_epoch_ms_prepared": 1000 * middle("first_epoch_prepared"),  # at most 1.5 × warm
        "first_epoch_ms_cold": 1000 * middle("first_epoch_cold"),
    }.items()


class Process:
    """A process of `benchmarks.trainers` that measures one experiment after another."""

    def __init__(self, kind: str) -> None:
        command = [sys.executable, "-m", "benchmarks.trainers", kind]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.wait(30)

    def measure(self, setting: Experiment) -> dict[str, float]:
        """Measure one experiment. Returns seconds by name."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(setting.model_dump_json() + "\n")
        self._process.stdin.flush()
        seconds: dict[str, float] = json.loads(self._process.stdout.readline())
        return seconds
