"""The third answer's untested sentence as a measurement: its settings, its values, and what follows from them.

The answer expects one Dense layer for all outputs to be faster than a layer for each. A sweep builds the visitor's
trunk with k heads, k growing, in three styles, and times them in turns. Sequential and Functional, fused are the same
network, so the ratio of their steps is the control: it shows how far two equal models differ on this stopwatch.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field, field_validator, model_validator

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Frozen, Head
from backend.machine import Machine
from backend.statistics import Ratio, controlled, paired_ratio
from backend.training.result import Record

Mode = Literal["fit", "steps", "xla"]
SweepStyle = Literal["sequential", "functional", "functional_fused"]
Heads = Annotated[int, Field(ge=1, le=64)]
Quantity = Literal["train", "infer", "build", "first_call"]

ALL_HEADS: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64)
DEFAULT_HEADS: tuple[int, ...] = (1, 2, 8, 32)
#: What the sentence compares, and its control, one network compiled twice: numerator, denominator.
COMPARED: tuple[SweepStyle, SweepStyle] = ("functional", "functional_fused")
CONTROL: tuple[SweepStyle, SweepStyle] = ("sequential", "functional_fused")

STEPS_PER_EXECUTION = 16
RECORDED = Path(__file__).parents[2] / "benchmarks" / "speed_recorded.json"


@dataclass(frozen=True)
class ModeFacts:
    """How a model is compiled for Keras's `fit`: the arguments of `compile` beside optimizer and loss."""

    title: str
    description: str
    arguments: Mapping[str, Any]
    most_heads: int = max(ALL_HEADS)


MODES: dict[Mode, ModeFacts] = {
    "fit": ModeFacts("model.fit", "Keras's defaults: one call into TensorFlow for each step.", {}),
    "steps": ModeFacts(
        "steps_per_execution",
        f"One call into TensorFlow for {STEPS_PER_EXECUTION} steps, so Python takes less of the time.",
        {"steps_per_execution": STEPS_PER_EXECUTION},
    ),
    "xla": ModeFacts(
        "jit_compile",
        "XLA compiles each step as a whole, which may merge small operations. Compiling takes seconds a model, so it "
        "is not in the default sweep and ends at 8 heads.",
        {"jit_compile": True},
        most_heads=8,
    ),
}

TITLES: dict[Quantity, str] = {
    "train": "train step",
    "infer": "inference on one batch",
    "build": "build",
    "first_call": "first call (trace)",
}


class Sweep(Frozen):
    """What is measured: numbers of heads k, modes and styles, each in its usual order and once.

    Raises ValueError where a style of the comparison is missing.
    """

    heads: Annotated[tuple[Heads, ...], Field(min_length=1, max_length=8)] = DEFAULT_HEADS
    modes: Annotated[tuple[Mode, ...], Field(min_length=1, max_length=3)] = ("fit", "steps")
    styles: tuple[SweepStyle, ...] = (CONTROL[0], *COMPARED)

    @field_validator("heads")
    @classmethod
    def _few_heads_first(cls, values: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(sorted(set(values)))

    @field_validator("modes")
    @classmethod
    def _modes_in_order(cls, values: tuple[Mode, ...]) -> tuple[Mode, ...]:
        return tuple(mode for mode in MODES if mode in values)

    @model_validator(mode="after")
    def _compares(self) -> Sweep:
        if not set(COMPARED) <= set(self.styles):
            raise ValueError(f"a sweep compares {' and '.join(COMPARED)}")
        return self

    def points(self) -> list[tuple[Mode, int]]:
        """What will be measured, in order: mode by mode, few heads first."""
        return [(mode, k) for mode in self.modes for k in self.heads if k <= MODES[mode].most_heads]


def with_heads(architecture: Architecture, k: int) -> Architecture:
    """The visitor's trunk with `k` heads alike, named m1, m2, …, one unit each on the mean."""
    heads = tuple(Head(name=f"m{i}", task="mean") for i in range(1, k + 1))
    return Architecture.model_validate({**architecture.model_dump(), "heads": [head.model_dump() for head in heads]})


class StyleTimings(Record):
    """One style at one point. Times are seconds; entry i of a list was taken in round i, beside the other styles'.

    `train` is a step, `infer` a traced forward pass, each on one batch; `build` executes the source; `first_call` is
    the first train step, with its trace. `infer` is empty with `steps_per_execution`, where Keras's predict function
    copies the model into its graph that many times. Variables: trainable `weights`, the optimizer's `slots`, the
    `trackers` of losses. `operations` counts the nodes of the traced train step, its inner functions included.
    """

    build: list[float]
    first_call: float
    train: list[float]
    infer: list[float]
    weights: int
    slots: int
    trackers: int
    operations: int

    @property
    def variables(self) -> int:
        """All variables that a train step reads or writes."""
        return self.weights + self.slots + self.trackers

    def seconds(self, quantity: Quantity) -> list[float]:
        """The rounds of a quantity; the first call happens once."""
        return [self.first_call] if quantity == "first_call" else list(getattr(self, quantity))


class Point(Record):
    """One mode at one number of heads: every style of the sweep."""

    mode: Mode
    k: int
    styles: dict[SweepStyle, StyleTimings]


class SweepResult(Record):
    """A sweep that has run, with all that decides what its figures mean. `seconds` is how long it took."""

    experiment: Experiment
    sweep: Sweep
    points: list[Point]
    machine: Machine
    measured_at: str
    seconds: float


@dataclass(frozen=True)
class Spread:
    """A median with its quartiles."""

    low: float
    median: float
    high: float


def spread(values: Sequence[float]) -> Spread | None:
    """Median and quartiles of `values`; None of none."""
    if not values:
        return None
    low, median, high = np.percentile(values, [25, 50, 75]).tolist()
    return Spread(low, median, high)


#: What the control is one for: running one network. Sequential and Functional, fused are built by different Python
#: code, so their build and first call differ for that reason too.
CONTROLLED: frozenset[Quantity] = frozenset({"train", "infer"})


def ratio(point: Point, quantity: Quantity = "train") -> Ratio | None:
    """How many times fused's time Functional takes; None where it was not measured.

    Where there is a control, and Sequential was measured too, the interval holds Functional's ratio to either.
    """
    found = between(point, quantity, COMPARED)
    other = between(point, quantity, (COMPARED[0], CONTROL[0])) if quantity in CONTROLLED else None
    return controlled(found, other) if found and other else found


def between(point: Point, quantity: Quantity, pair: tuple[SweepStyle, SweepStyle]) -> Ratio | None:
    """The first style's time over the second's, from the rounds in which both were timed."""
    if not set(pair) <= set(point.styles):
        return None
    above, below = (point.styles[style].seconds(quantity) for style in pair)
    return paired_ratio(above, below)


def same_step(one: Experiment, other: Experiment) -> bool:
    """Whether two experiments differ in nothing that a sweep depends on: trunk, optimizer, batch."""

    def subject(experiment: Experiment) -> tuple[Any, ...]:
        training = experiment.training
        return with_heads(experiment.architecture, 1), training.optimizer, training.batch

    return subject(one) == subject(other)


def points_of(events: Iterable[Mapping[str, Any]]) -> list[Point]:
    """The points among a job's events, so that a sweep is drawn while it runs."""
    return [Point.model_validate(event["data"]) for event in events if event.get("event") == "point"]


def csv(points: Iterable[Point]) -> str:
    """Every reading in long form: mode, k, style, quantity, round, value (seconds, or a count), as CSV."""
    rows = []
    for point in points:
        for style, figures in point.styles.items():
            key = (point.mode, point.k, style)
            for quantity in TITLES:
                rows += [(*key, str(quantity), i, value) for i, value in enumerate(figures.seconds(quantity), 1)]
            for name in ("weights", "slots", "trackers", "operations"):
                rows.append((*key, name, 1, float(getattr(figures, name))))
    table = pd.DataFrame(rows, columns=["mode", "k", "style", "quantity", "round", "value"])
    text = io.StringIO()
    table.to_csv(text, index=False)
    return text.getvalue()


@cache
def recorded() -> SweepResult:
    """The result that is shown until the visitor has run their own; `benchmarks/speed.py` writes it."""
    return SweepResult.model_validate_json(RECORDED.read_text())


#: Seconds on one idle core of the machine that recorded.
_TRACE, _TRACE_TIMESTEP, _TRACE_HEAD, _XLA, _MEASURE = 0.25, 0.075, 0.18, 2.7, 1.4


def expected_seconds(architecture: Architecture, mode: Mode, k: int) -> float:
    """Roughly how long one point takes: three traces, the Functional one longer with each head, then the rounds."""
    timesteps = architecture.timesteps * len(architecture.lstm) if architecture.unroll else 8
    trace = 3 * (_TRACE + timesteps * _TRACE_TIMESTEP) + k * _TRACE_HEAD
    return trace * (_XLA if mode == "xla" else 1) + _MEASURE
