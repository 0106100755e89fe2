"""Estimates how long a training run will take: by arithmetic, corrected by what workers have measured."""

from __future__ import annotations

import math
from threading import Lock

from backend.experiment import Experiment
from backend.training.result import Timings

#: Seconds of a step for one LSTM timestep of one style (forward and backward), independent of its size.
_PER_TIMESTEP = 2.5e-5
_PER_STEP = 1.5e-4
_PER_HEAD = 3e-5
#: Multiply-adds per second of one core, and gate values per second, forward and backward.
_MATRIX_SPEED = 3e10
_GATE_SPEED = 1.2e8
_TRACE_UNROLLED_TIMESTEP = 0.035
_TRACE_STYLE = 0.12
_TRACE_HEAD = 0.03
_LEARNING_RATE = 0.3


class DurationEstimator:
    """Estimates how long a run takes, and learns from the runs of this server. Safe from any thread."""

    def __init__(self) -> None:
        self._factor = 1.0
        self._lock = Lock()

    def seconds(self, experiment: Experiment) -> float:
        """The expected seconds for all seeds of the experiment, if no worker has traced its architecture yet."""
        return _trace(experiment) + _steps(experiment) * _step(experiment) * self._factor

    def epochs_within(self, experiment: Experiment, seconds: float) -> int:
        """How many epochs of all its seeds the experiment can train in `seconds`; 0 if not even one."""
        epoch = _steps(experiment) * _step(experiment) * self._factor / experiment.training.epochs
        return max(0, math.floor((seconds - _trace(experiment)) / epoch))

    def learn(self, experiment: Experiment, timings: Timings) -> None:
        """Correct later estimates by the seconds per step of a finished run with at least 20 steps."""
        if timings.steps >= 20:
            measured = timings.step / _step(experiment)
            with self._lock:
                self._factor += _LEARNING_RATE * (min(max(measured, 0.1), 10) - self._factor)


def _steps(experiment: Experiment) -> int:
    training = experiment.training
    samples, _ = training.split(experiment.sequences.samples)
    return training.seeds * training.epochs * -(-samples // training.batch)


def _step(experiment: Experiment) -> float:
    """The seconds of a step of both styles, without correction."""
    architecture = experiment.architecture
    width, work, gates = architecture.features, 0, 0
    for units in architecture.lstm:
        work += architecture.timesteps * 4 * units * (width + units)
        gates += architecture.timesteps * 4 * units
        width = units
    for layer in architecture.dense:
        work += width * layer.units
        width = layer.units
    work += width * architecture.output_units
    timesteps = architecture.timesteps * len(architecture.lstm)
    overhead = _PER_STEP + timesteps * _PER_TIMESTEP + len(architecture.heads) * _PER_HEAD
    batch = min(experiment.training.batch, experiment.training.split(experiment.sequences.samples)[0])
    return 2 * (overhead + batch * (3 * work / _MATRIX_SPEED + gates / _GATE_SPEED))


def _trace(experiment: Experiment) -> float:
    architecture = experiment.architecture
    unrolled = (
        architecture.timesteps * len(architecture.lstm) * _TRACE_UNROLLED_TIMESTEP if architecture.unroll else 0.6
    )
    return 2 * (_TRACE_STYLE + unrolled + len(architecture.heads) * _TRACE_HEAD)
