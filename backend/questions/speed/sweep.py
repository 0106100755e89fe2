"""The settings of a speed sweep: numbers of heads and modes.

The third answer expects one Dense layer for all heads to be faster than one layer for each, but did not test it. A
sweep tests it: it builds the visitor's trunk with more and more heads in three styles, and times the styles in turns.
Sequential and Functional, fused are the same network. So the ratio of their steps is the control: it shows by how much
the timings of two equal models differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture, Frozen, Head
from backend.experiment.url import Fields

Mode = Literal["fit", "steps", "xla"]
SweepStyle = Literal["sequential", "functional", "functional_fused"]
Heads = Annotated[int, Field(ge=1, le=64)]

ALL_HEADS: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64)
DEFAULT_HEADS: tuple[int, ...] = (1, 2, 8, 32)
#: The styles that the verdict compares, and the control: one network, built and compiled twice. Numerator, denominator.
COMPARED: tuple[SweepStyle, SweepStyle] = ("functional", "functional_fused")
CONTROL: tuple[SweepStyle, SweepStyle] = ("sequential", "functional_fused")
TIMED: tuple[SweepStyle, ...] = (CONTROL[0], *COMPARED)

STEPS_PER_EXECUTION = 16


@dataclass(frozen=True)
class ModeFacts:
    """How a model is compiled for Keras's `fit`: the arguments of `compile` besides optimizer and loss."""

    title: str
    description: str
    arguments: Mapping[str, Any]
    most_heads: int = max(ALL_HEADS)


MODES: dict[Mode, ModeFacts] = {
    "fit": ModeFacts("model.fit", "Keras's defaults: one call into TensorFlow for each step.", {}),
    "steps": ModeFacts(
        "steps_per_execution",
        f"One call into TensorFlow for {STEPS_PER_EXECUTION} steps, so Python takes a smaller share of the time.",
        {"steps_per_execution": STEPS_PER_EXECUTION},
    ),
    "xla": ModeFacts(
        "jit_compile",
        "The XLA compiler compiles each step as a whole, and may merge small operations. Compiling takes several "
        "seconds for each model. So this mode is not in the default sweep, and it stops at 8 heads.",
        {"jit_compile": True},
        most_heads=8,
    ),
}


class Sweep(Frozen):
    """The numbers of heads and the modes that are measured, each in its usual order and once."""

    heads: Annotated[tuple[Heads, ...], AfterValidator(lambda values: tuple(sorted({*values})))] = Field(
        DEFAULT_HEADS, min_length=1, max_length=8, title="Numbers of heads"
    )
    modes: Annotated[tuple[Mode, ...], AfterValidator(lambda values: tuple(m for m in MODES if m in values))] = Field(
        ("fit", "steps"), min_length=1, max_length=3, title="Keras modes"
    )

    def points(self) -> list[tuple[Mode, int]]:
        """The points to measure, in order: mode by mode, few heads first."""
        return [(mode, k) for mode in self.modes for k in self.heads if k <= MODES[mode].most_heads]


def sweep_with(heads: int) -> Sweep:
    """The usual sweep, with this number of heads among those that are measured."""
    return Sweep(heads=(*DEFAULT_HEADS, heads))


class SweepSettings(Frozen):
    """What a sweep is measured on: the trunk, optimizer and batch size of an experiment."""

    experiment: Experiment
    sweep: Sweep


#: The sweep as texts in a link, by key: `k=1,2,8,32` and `modes=fit,steps`.
FIELDS = Fields(Sweep, {"k": "heads", "modes": "modes"})


def with_heads(architecture: Architecture, k: int) -> Architecture:
    """The visitor's trunk with `k` equal heads, named m1, m2, …; each predicts the level with one unit."""
    heads = tuple(Head(name=f"m{i}", task="level") for i in range(1, k + 1))
    changes = {"heads": [head.model_dump() for head in heads], "own": None}
    return Architecture.model_validate({**architecture.model_dump(), **changes})


def timed_settings(experiment: Experiment) -> tuple[Architecture, str, int]:
    """The settings that a sweep depends on: trunk (with one head), optimizer and batch size."""
    training = experiment.training
    return with_heads(experiment.architecture, 1), training.optimizer, training.batch


#: Seconds on one idle core of the machine that measured the recorded result.
_TRACE, _TRACE_TIMESTEP, _TRACE_HEAD, _XLA, _MEASURE = 0.25, 0.075, 0.18, 2.7, 1.4


def expected_seconds(architecture: Architecture, mode: Mode, k: int) -> float:
    """Roughly how long one point takes: three traces (Functional's grows with each head), then the rounds."""
    timesteps = architecture.timesteps * len(architecture.lstm) if architecture.unroll else 8
    trace = 3 * (_TRACE + timesteps * _TRACE_TIMESTEP) + k * _TRACE_HEAD
    return trace * (_XLA if mode == "xla" else 1) + _MEASURE
