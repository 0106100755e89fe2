"""The synthetic sequences and each head's targets."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import FailFast, Field

from backend.experiment.architecture import Architecture, Frozen

Noise = Annotated[float, Field(ge=0, le=10)]
Scale = Annotated[float, Field(ge=0.001, le=1000)]

DEFAULT_NOISE = 0.05
DEFAULT_SCALE = 1.0


class Sequences(Frozen):
    """The settings from which a dataset is generated.

    `relatedness` is ρ of the related pair. `noise` and `scale` have a value for each head, by position. A regression
    target is standardised and becomes `scale × (target + noise × N(0, 1))`. A label is flipped with probability
    `noise` (at most 0.5) and has no scale. Heads without a value have noise 0.05 and scale 1.
    """

    samples: Annotated[int, Field(ge=32, le=4096)] = 1280
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    relatedness: Annotated[float, Field(ge=-1, le=1)] = 0.8
    noise: Annotated[tuple[Noise, ...], FailFast(), Field(max_length=64)] = ()
    scale: Annotated[tuple[Scale, ...], FailFast(), Field(max_length=64)] = ()

    def noise_of(self, position: int) -> float:
        """The noise of the head at `position`."""
        return self.noise[position] if position < len(self.noise) else DEFAULT_NOISE

    def scale_of(self, position: int) -> float:
        """The scale of the head at `position`."""
        return self.scale[position] if position < len(self.scale) else DEFAULT_SCALE


@dataclass(frozen=True)
class Dataset:
    """Sequences `x` (n, timesteps, features) with targets `y` (head name → (n, units)), both float32.

    `factors` are the random values that the sequences are made from.
    """

    x: np.ndarray
    y: dict[str, np.ndarray]
    factors: dict[str, np.ndarray]


def wave_at(turn: np.ndarray, waveform: int) -> np.ndarray:
    """A wave at `turn`, 0 to 1 of its cycle: 0 sine, 1 triangle, 2 sawtooth, 3 square, 4 pulse."""
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


def generate(architecture: Architecture, sequences: Sequences) -> Dataset:
    """Generate the sequences and each head's targets. The same settings give the same bits.

    Each task draws from its own copy of one random stream, so both tasks of the related pair get the same directions.
    """
    seed, relatedness = sequences.seed, sequences.relatedness
    x, factors = generate_sequences(sequences.samples, architecture.timesteps, architecture.features, seed)
    raw, y = {}, {}
    for position, head in enumerate(architecture.heads):
        same = head.task, head.units  # computed once, as 64 heads may have one task
        if same not in raw:
            raw[same] = head.spec.target(x, factors, head.units, np.random.default_rng([seed, 2]), relatedness)
        noise, scale = sequences.noise_of(position), sequences.scale_of(position)
        y[head.name] = noisy_target(raw[same], head.spec.kind, noise, scale, seed, position)
    return Dataset(x, y, factors)


def script_source(architecture: Architecture, sequences: Sequences) -> str:
    """Plain NumPy source that defines `x`, `factors` and `y` (head name → array) with the same bits as `generate`.

    It consists of the functions used here and by the tasks, and of calls with numbers as settings. Of a head it
    contains only the name, which is an identifier.
    """
    seed, relatedness = sequences.seed, sequences.relatedness
    tasks = [head.spec.target for head in architecture.heads]
    functions = _with_helpers(generate_sequences, noisy_target, *tasks)
    entries = "".join(
        f'    "{head.name}": noisy_target(\n'
        f"        {task.__name__}(x, factors, {head.units}, np.random.default_rng([{seed}, 2]), {relatedness!r}),\n"
        f'        "{head.spec.kind}", noise={sequences.noise_of(i)!r}, scale={sequences.scale_of(i)!r}, '
        f"seed={seed}, position={i},\n"
        "    ),\n"
        for i, (head, task) in enumerate(zip(architecture.heads, tasks, strict=True))
    )
    return (
        "import numpy as np\n\n\n"
        + "\n\n".join(inspect.getsource(function) for function in functions)
        + "\n\nx, factors = generate_sequences("
        + f"samples={sequences.samples}, timesteps={architecture.timesteps}, features={architecture.features}, "
        + f"seed={seed})\n"
        + f"y = {{\n{entries}}}\n"
    )


def _with_helpers(*functions: Callable[..., object]) -> list[Callable[..., object]]:
    """Each function once, after those of our functions that it calls."""
    found: dict[Callable[..., object], None] = {}
    for function in functions:
        called = inspect.getclosurevars(function).globals.values()
        found |= dict.fromkeys(_with_helpers(*(helper for helper in called if inspect.isfunction(helper))))
        found[function] = None
    return list(found)
