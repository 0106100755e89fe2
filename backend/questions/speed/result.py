"""The result of a speed sweep: every reading, what was counted, and on which machine; as CSV, and a recorded one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from backend.experiment import Experiment
from backend.machine import Machine
from backend.questions.speed.sweep import COMPARED, CONTROL, Mode, Sweep, SweepSettings, SweepStyle, timed_settings
from backend.statistics.intervals import Ratio, controlled_ratio, paired_ratio
from backend.training.result import Record

Quantity = Literal["train", "infer", "build", "first_call"]

TITLES: dict[Quantity, str] = {
    "train": "train step",
    "infer": "inference on one batch",
    "build": "building the model",
    "first_call": "first call (with tracing)",
}

RECORDED = Path(__file__).with_name("recorded.json")


#: Seconds that a clock has measured.
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class StyleTimings(Record):
    """One style at one point. Times are seconds; entry i of a list was measured in round i, beside the other styles'.

    `train` is a step, `infer` a traced forward pass, each on one batch. `build` executes the source. `first_call` is
    the first train step, which includes the trace. `infer` is empty with `steps_per_execution`, because Keras's predict
    function then copies the model into its graph once for each of these steps. Variables: trainable `weights`, the
    optimizer's `slots`, the `trackers` of losses. `operations` counts the nodes of the traced train step, including
    those of its inner functions.
    """

    build: list[Seconds]
    first_call: Seconds
    train: list[Seconds]
    infer: list[Seconds]
    weights: int
    slots: int
    trackers: int
    operations: int

    @property
    def variables(self) -> int:
        """All variables that a train step reads or writes."""
        return self.weights + self.slots + self.trackers

    def seconds(self, quantity: Quantity) -> list[float]:
        """The readings of a quantity, one per round; the first call has a single reading."""
        return [self.first_call] if quantity == "first_call" else list(getattr(self, quantity))


class Point(Record):
    """The timings of every style, in one mode at one number of heads."""

    mode: Mode
    k: int
    styles: dict[SweepStyle, StyleTimings]

    @property
    def ratio(self) -> Ratio | None:
        """The time of a train step with one layer per head divided by that with one layer for all.

        The interval covers the ratio to either of the two models with one layer.
        """
        return controlled_ratio(*(self.styles[style].train for style in (*COMPARED, CONTROL[0])))

    @property
    def control(self) -> Ratio | None:
        """The same of one network, built and compiled twice."""
        return paired_ratio(*(self.styles[style].train for style in CONTROL))


class SweepResult(Record):
    """A finished sweep with everything that its figures depend on. `seconds` is how long it took."""

    experiment: Experiment
    sweep: Sweep
    points: list[Point]
    machine: Machine
    measured_at: str
    seconds: float


@dataclass(frozen=True)
class Quartiles:
    """A median with its quartiles."""

    low: float
    median: float
    high: float


def quartiles(values: Sequence[float]) -> Quartiles | None:
    """Median and quartiles of `values`; None if there are none."""
    return Quartiles(*np.percentile(values, [25, 50, 75]).tolist()) if values else None


def csv(points: Iterable[Point]) -> str:
    """Every reading in long form as CSV: mode, k, style, quantity, round, value (seconds, or a count)."""
    rows = []
    for point in points:
        for style, figures in point.styles.items():
            key = (point.mode, point.k, style)
            for quantity in TITLES:
                rows += [(*key, str(quantity), i, value) for i, value in enumerate(figures.seconds(quantity), 1)]
            for name in ("weights", "slots", "trackers", "operations"):
                rows.append((*key, name, 1, float(getattr(figures, name))))
    return csv_of(rows, ["mode", "k", "style", "quantity", "round", "value"])


def csv_of(rows: Sequence[Sequence[object]], columns: list[str]) -> str:
    """A table as CSV."""
    text = io.StringIO()
    pd.DataFrame(rows, columns=columns).to_csv(text, index=False)
    return text.getvalue()


def recorded_of(settings: SweepSettings) -> SweepResult | None:
    """The points of these settings in the recorded result, if it has them all."""
    result, wanted = recorded(), settings.sweep.points()
    if timed_settings(result.experiment) != timed_settings(settings.experiment):
        return None
    points = [point for point in result.points if (point.mode, point.k) in wanted]
    return result.model_copy(update={"points": points}) if len(points) == len(wanted) else None


@cache
def recorded() -> SweepResult:
    """The result that the page shows until the visitor has run a sweep; `benchmarks/speed.py` writes it."""
    return SweepResult.model_validate_json(RECORDED.read_text())
