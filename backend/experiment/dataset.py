"""The sequences and each head's targets: generated, or windows of a recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated

import numpy as np
from pydantic import FailFast, Field

from backend.experiment.architecture import Architecture, Frozen, Head
from backend.experiment.own_table import FEWEST_SEQUENCES
from backend.experiment.sources import WEATHER, Source
from backend.experiment.windows import draw_windows, read_csv
from backend.scripts.source import Function, source_of, with_helpers

Noise = Annotated[float, Field(ge=0, le=10, json_schema_extra={"step": 0.05})]
Scale = Annotated[float, Field(ge=0.001, le=1000, json_schema_extra={"step": 0.5})]

#: A head's task as `draw` takes it: what it computes, units, kind, noise and scale.
Drawn = tuple[Callable[..., np.ndarray], int, str, float, float]

#: The fewest and the most sequences of an experiment.
FEWEST, MOST = FEWEST_SEQUENCES, 4096
DEFAULT_NOISE = 0.05
DEFAULT_SCALE = 1.0


class Sequences(Frozen):
    """The settings of a dataset.

    `relatedness` is ρ of the related pair. `noise` and `scale` have a value for each head, by position. A regression
    target is standardised and becomes `scale × (target + noise × N(0, 1))`. A label is flipped with probability
    `noise` (at most 0.5) and has no scale. Heads without a value have noise 0.05 and scale 1.
    A recording has neither a seed nor added noise.
    """

    samples: int = Field(1280, ge=FEWEST, le=MOST, title="Sequences", json_schema_extra={"step": 32})
    seed: Annotated[int, Field(ge=0, le=2**31 - 1, title="Data seed")] = 0
    relatedness: Annotated[float, Field(ge=-1, le=1, title="Relatedness ρ")] = 0.8
    noise: Annotated[tuple[Noise, ...], FailFast(), Field(max_length=64, title="Noise of each head")] = ()
    scale: Annotated[tuple[Scale, ...], FailFast(), Field(max_length=64, title="Scale of each head")] = ()

    def noise_of(self, position: int) -> float:
        """The noise of the head at `position`."""
        return self.noise[position] if position < len(self.noise) else DEFAULT_NOISE

    def scale_of(self, position: int) -> float:
        """The scale of the head at `position`."""
        return self.scale[position] if position < len(self.scale) else DEFAULT_SCALE


@dataclass(frozen=True)
class Dataset:
    """Sequences `x` (n, timesteps, features) with targets `y` (head name → (n, units)), both float32.

    `factors` are the random values that the sequences are made from; of a recording, the last and the predicted rows.
    """

    x: np.ndarray
    y: dict[str, np.ndarray]
    factors: dict[str, np.ndarray]


def wave_at(turn: np.ndarray, waveform: int) -> np.ndarray:
    """A wave at `turn`, its phase from 0 to 1. Waveforms: 0 sine, 1 triangle, 2 sawtooth, 3 square, 4 pulse."""
    if waveform == 0:
        return np.asarray(np.sin(2.0 * np.pi * turn))
    if waveform == 1:
        return np.asarray(1.0 - 4.0 * np.abs(turn - 0.5))
    if waveform == 2:
        return np.asarray(2.0 * turn - 1.0)
    return np.where(turn < 0.5, 1.0, -1.0) if waveform == 3 else np.where(turn < 0.25, 1.5, -0.5)


def generate_sequences(
    samples: int, timesteps: int, features: int, seed: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Generate sequences (samples, timesteps, features) and the factors they are made from.

    Each feature is a wave on a sloping line; half of the features have a spike. All features of a sequence have the
    same waveform. Everything else is drawn for each feature.
    """
    rng = np.random.default_rng([seed, 1])
    each = (samples, features)
    factors = {
        "waveform": rng.integers(5, size=samples),
        "frequency": rng.uniform(1.0, 2.5, each),  # cycles in the whole sequence
        "phase": rng.uniform(0.0, 1.0, each),  # of a cycle
        "amplitude": rng.uniform(0.75, 1.25, each),
        "offset": rng.normal(0.0, 0.25, each),
        "slope": rng.normal(0.0, 0.5, each),  # rise over the whole sequence
        "spike": rng.integers(2, size=each),
        "spike_at": rng.integers(timesteps, size=each),  # timestep
    }
    step = np.arange(timesteps)[None, :, None]
    time = step / timesteps
    x = np.empty((samples, timesteps, features), np.float32)
    for waveform in range(5):  # one after another, to use a fifth of the memory
        rows = factors["waveform"] == waveform
        column = {name: values[rows][:, None, :] for name, values in factors.items() if values.ndim == 2}
        wave = wave_at(np.mod(column["frequency"] * time + column["phase"], 1.0), waveform)
        line = column["offset"] + column["slope"] * (time - 0.5)
        spike = 3.0 * column["spike"] * (step == column["spike_at"])
        x[rows] = column["amplitude"] * wave + line + spike
    return x, factors


def noisy_target(raw: np.ndarray, kind: str, noise: float, scale: float, seed: int, position: int) -> np.ndarray:
    """The target of the head at `position`, float32 (n, units), from the raw target of its task.

    Numbers are standardised (a constant becomes 0) and become `scale × (number + noise × N(0, 1))`. A share `noise` of
    the labels, at most half, is replaced by another label. Each position has its own random stream.
    """
    rng = np.random.default_rng([seed, 3, position])
    samples, units = raw.shape
    if kind == "regression":
        numbers = raw.astype(np.float64)
        spread = numbers.std(axis=0)
        standard = (numbers - numbers.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        return np.asarray(scale * (standard + noise * rng.normal(size=raw.shape)), np.float32)
    flipped = min(noise, 0.5)
    if kind == "binary":
        return np.asarray(np.abs(raw - (rng.random(raw.shape) < flipped)), np.float32)
    shift = (rng.random(samples) < flipped) * rng.integers(1, units, size=samples)
    return np.asarray(np.eye(units)[(raw.argmax(axis=1) + shift) % units], np.float32)


def draw(
    tasks: Sequence[Drawn], samples: int, timesteps: int, features: int, seed: int, relatedness: float
) -> tuple[np.ndarray, dict[str, np.ndarray], list[np.ndarray]]:
    """Generate sequences, their factors, and the targets of each head. A task is (target, units, kind, noise, scale).

    Each task draws from its own copy of one random stream, so both tasks of the related pair get the same directions.
    """
    x, factors = generate_sequences(samples, timesteps, features, seed)
    raw, y = {}, []
    for position, (target, units, kind, noise, scale) in enumerate(tasks):
        if (target, units) not in raw:  # computed once, as 64 heads may have one task
            raw[target, units] = target(x, factors, units, np.random.default_rng([seed, 2]), relatedness)
        y.append(noisy_target(raw[target, units], kind, noise, scale, seed, position))
    return x, factors, y


def generate(architecture: Architecture, sequences: Sequences, parts: Sequence[int]) -> Dataset:
    """The sequences and each head's targets. The same settings give the same bits.

    `parts` are the sizes of the parts into which they are split, in order: those that train, then those that validate.
    Generated sequences do not depend on them. Windows of a recording do: no part shares a row with the part before, and
    the first part alone decides how numbers are standardised.
    """
    heads, source = architecture.heads, architecture.source
    if source.recorded:
        about = [
            (each.spec.target, each.spec.column, each.units, _scale(sequences, each, i)) for i, each in enumerate(heads)
        ]
        x, factors, y = draw_windows(
            _rows(source), about, parts, architecture.timesteps, source.horizon,
            source.chosen(architecture.features), source.labels,
        )  # fmt: skip
    else:
        tasks = [
            (head.spec.target, head.units, head.spec.kind, sequences.noise_of(i), _scale(sequences, head, i))
            for i, head in enumerate(heads)
        ]
        x, factors, y = draw(
            tasks, sequences.samples, architecture.timesteps, architecture.features, sequences.seed,
            sequences.relatedness,
        )  # fmt: skip
    return Dataset(x, dict(zip((head.name for head in heads), y, strict=True)), factors)


def _scale(sequences: Sequences, head: Head, position: int) -> float:
    """The scale of the head at `position`. Labels have none."""
    return sequences.scale_of(position) if head.spec.kind == "regression" else 1.0


def _rows(source: Source) -> np.ndarray:
    """The rows of a recording."""
    return source.own.table.rows if source.own is not None else _days()


@cache
def _days() -> np.ndarray:
    """The days of the recording; read only."""
    days = read_csv(str(WEATHER.file), times=1)
    days.setflags(write=False)
    return days


def draw_source(architecture: Architecture) -> str:
    """The functions that make the sequences and the targets of these heads, as NumPy source."""
    functions: list[Function] = [draw]
    if architecture.source.recorded:
        functions = [read_csv, draw_windows]
    return source_of(with_helpers(*functions, *(head.spec.target for head in architecture.heads)))


def tasks_source(architecture: Architecture, sequences: Sequences, factors: Mapping[int, str] | None = None) -> str:
    """The list of tasks, as source. `factors` are expressions that multiply a head's scale, by its position."""
    rows = []
    recorded = architecture.source.recorded
    for i, head in enumerate(architecture.heads):
        scale = " * ".join([
            repr(_scale(sequences, head, i) if recorded else sequences.scale_of(i)),
            *([factors[i]] if factors and i in factors else []),
        ])  # fmt: skip
        units = (
            f"{head.spec.column}, {head.units}"
            if recorded
            else f'{head.units}, "{head.spec.kind}", {sequences.noise_of(i)!r}'
        )
        rows.append(f"    ({head.spec.target.__name__}, {units}, {scale}),\n")
    return f"[  # target, {'column, units' if recorded else 'units, kind, noise'}, scale\n{''.join(rows)}]"


def draw_call(
    architecture: Architecture, sequences: Sequences, parts: Sequence[int], number: str = "", relatedness: str = ""
) -> str:
    """The call that draws `tasks`, as source.

    For generated sequences, `number` is an expression that is added to the seed, and `relatedness` an expression that
    replaces the relatedness.
    """
    source = architecture.source
    if source.recorded:
        sizes, labels = ", ".join(map(str, parts)), f", labels={source.labels}" if source.labels else ""
        return (
            f"draw_windows(\n    {source.read}, tasks, parts=[{sizes}], timesteps={architecture.timesteps}, "
            f"horizon={source.horizon},\n    columns={list(source.chosen(architecture.features))}{labels},\n)"
        )
    seed = f"{sequences.seed} + {number}" if number else str(sequences.seed)
    return (
        f"draw(\n    tasks, samples={sequences.samples}, timesteps={architecture.timesteps}, "
        f"features={architecture.features}, seed={seed},\n    "
        f"relatedness={relatedness or repr(sequences.relatedness)},\n)"
    )


def script_source(architecture: Architecture, sequences: Sequences, parts: Sequence[int]) -> str:
    """Plain NumPy source that defines `x`, `factors` and `y` (head name → array) with the same bits as `generate`.

    It needs NumPy as `np`. It consists of the functions used here and by the tasks, and of calls with numbers as
    settings. The only text from a visitor in it is the heads' names, which are identifiers, and the words of a table,
    as Python literals. It reads a recording from the current folder.
    """
    names = ", ".join(f'"{head.name}"' for head in architecture.heads)
    return (
        f"{draw_source(architecture)}\n\n"
        f"tasks = {tasks_source(architecture, sequences)}\n"
        f"x, factors, targets = {draw_call(architecture, sequences, parts)}\n"
        f"y = dict(zip([{names}], targets))\n"
    )
