"""Small parts of the sentences on a sweep: heads, times, and what was timed."""

from __future__ import annotations

from collections.abc import Sequence

from backend.experiment import Experiment
from backend.statistics.intervals import Ratio
from backend.words import listed, short


def trunk(experiment: Experiment) -> str:
    """What was timed besides the heads, in a few words: `10 × 2 → LSTM(32) → Dense(8), adam, batches of 32`."""
    architecture, training = experiment.architecture, experiment.training
    layers = [f"LSTM({units})" for units in architecture.lstm] + [f"Dense({d.units})" for d in architecture.dense]
    shape = f"{architecture.timesteps} × {architecture.features}"
    return f"{' → '.join([shape, *layers])}, {training.optimizer}, batches of {training.batch}"


def heads(k: int) -> str:
    """`1 head`, `8 heads`."""
    return heads_listed([k])


def heads_listed(ks: Sequence[int]) -> str:
    """`1 head`, `1, 2 and 8 heads`."""
    return f"{listed(ks)} {'head' if list(ks) == [1] else 'heads'}"


def seconds(value: float) -> str:
    """A time with three significant digits, in the unit that reads best: 430 µs, 3.85 ms, 0.797 s."""
    if value < 9.995e-4:
        return f"{short(1e6 * value, 3)} µs"
    if value < 0.4995:
        return f"{short(1e3 * value, 3)} ms"
    return f"{short(value, 3)} s"


def times(ratio: Ratio) -> str:
    """`1.08 times`."""
    return f"{ratio.median:.2f} times"
