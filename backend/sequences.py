"""The synthetic sequences, and what each head has to predict about them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from backend.architecture import Architecture, Frozen, Head

Noise = Annotated[float, Field(ge=0, le=10)]
Scale = Annotated[float, Field(ge=0.001, le=1000)]

DEFAULT_NOISE = 0.05
DEFAULT_SCALE = 1.0


class Sequences(Frozen):
    """How the data is drawn.

    `relatedness` is ρ of the related pair. `noise` and `scale` go by head position: a regression target is
    standardised, then becomes `scale × (target + noise × N(0, 1))`; a label is flipped with probability `noise` (at
    most 0.5) and has no scale. Heads beyond those given have noise 0.05 and scale 1.
    """

    samples: Annotated[int, Field(ge=32, le=4096)] = 1280
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    relatedness: Annotated[float, Field(ge=-1, le=1)] = 0.8
    noise: Annotated[tuple[Noise, ...], Field(max_length=64)] = ()
    scale: Annotated[tuple[Scale, ...], Field(max_length=64)] = ()

    def noise_of(self, position: int) -> float:
        """Noise of the head at `position`."""
        return self.noise[position] if position < len(self.noise) else DEFAULT_NOISE

    def scale_of(self, position: int) -> float:
        """Scale of the head at `position`."""
        return self.scale[position] if position < len(self.scale) else DEFAULT_SCALE


@dataclass(frozen=True)
class Drawn:
    """One draw: `x` (n, timesteps, features), `y` head name → (n, units), both float32, and what `x` was made from."""

    x: np.ndarray
    y: dict[str, np.ndarray]
    factors: dict[str, np.ndarray]


def draw_sequences(
    samples: int, timesteps: int, features: int, seed: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Draw sequences (samples, timesteps, features) and the factors they are made from.

    Each feature is a wave (the shape is the sequence's, the rest its own) on a line, half of them with a spike.
    """
    rng = np.random.default_rng([seed, 1])
    each = (samples, features)
    factors = {
        "waveform": rng.integers(5, size=samples),
        "frequency": rng.uniform(0.5, 2.5, each),
        "phase": rng.uniform(0, 1, each),
        "amplitude": rng.uniform(0.5, 1.0, each),
        "offset": rng.normal(0, 0.5, each),
        "slope": rng.normal(0, 1, each),
        "spike": rng.integers(2, size=each),
        "spike_at": rng.integers(timesteps, size=each),
    }
    step = np.arange(timesteps)[None, :, None]
    time = step / timesteps
    column = {name: values[:, None, :] for name, values in factors.items() if values.ndim == 2}
    turn = (column["frequency"] * time + column["phase"]) % 1.0
    waves = (
        np.sin(2 * np.pi * turn),
        1 - 4 * np.abs(turn - 0.5),  # triangle
        2 * turn - 1,  # sawtooth
        np.where(turn < 0.5, 1.0, -1.0),  # square
        np.where(turn < 0.25, 1.5, -0.5),  # pulse
    )
    wave = np.choose(factors["waveform"][:, None, None], waves)
    line = column["offset"] + column["slope"] * (time - 0.5)
    spike = 3.0 * column["spike"] * (step == column["spike_at"])
    return (column["amplitude"] * wave + line + spike).astype(np.float32), factors


def draw_target(
    target: Callable[..., np.ndarray],
    x: np.ndarray,
    factors: dict[str, np.ndarray],
    kind: str,
    units: int,
    seed: int,
    position: int,
    relatedness: float,
    noise: float,
    scale: float,
) -> np.ndarray:
    """What the head at `position` has to predict: float32 (n, units).

    All heads draw their task from one stream, so that a pair of tasks can share its directions; each draws its noise
    from a stream of its own.
    """
    clean = target(x, factors, units, np.random.default_rng([seed, 2]), relatedness).astype(np.float64)
    rng = np.random.default_rng([seed, 3, position])
    if kind == "regression":
        spread = clean.std(axis=0)
        standard = (clean - clean.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        return (scale * (standard + noise * rng.normal(size=clean.shape))).astype(np.float32)
    chance = min(noise, 0.5)
    if kind == "binary":
        return np.abs(clean - (rng.random(clean.shape) < chance)).astype(np.float32)
    flipped = rng.random(len(clean)) < chance
    label = (clean.argmax(axis=1) + flipped * rng.integers(1, units, size=len(clean))) % units
    return np.eye(units, dtype=np.float32)[label]


def _settings(head: Head, position: int, sequences: Sequences) -> dict[str, object]:
    """The arguments of `draw_target` for a head: numbers, and the kind of its task."""
    return {
        "kind": head.spec.kind,
        "units": head.units,
        "seed": sequences.seed,
        "position": position,
        "relatedness": sequences.relatedness,
        "noise": sequences.noise_of(position),
        "scale": sequences.scale_of(position),
    }


def draw(architecture: Architecture, sequences: Sequences) -> Drawn:
    """Draw the sequences and every head's targets; the same settings give the same bits."""
    x, factors = draw_sequences(
        sequences.samples, architecture.timesteps, architecture.features, sequences.seed
    )
    y = {
        head.name: draw_target(head.spec.target, x, factors, **_settings(head, i, sequences))  # type: ignore[arg-type]
        for i, head in enumerate(architecture.heads)
    }
    return Drawn(x, y, factors)
