"""Estimates how long a training run will take: by arithmetic, corrected by what workers have measured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from threading import Lock

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.training.result import Timings

# Seconds that parts of a run took on two cores, both styles together: fitted to about a hundred varied runs.
# `benchmarks/durations.py` measures such runs again.
_BUILD, _TRACE, _TRACE_HEAD = 0.19, 0.17, 0.06
_TRACE_TIMESTEP, _TRACE_LAYER = 0.049, 0.29  # of an LSTM layer that is unrolled, or not
_TIMESTEP_UNROLLED, _TIMESTEP, _HEAD, _PARAMETER = 1.6e-5, 3.5e-5, 1.5e-5, 5.5e-9  # of a step
_MULTIPLY_ADD, _GATE = 1.3e-10, 1.2e-9  # of a step, for each sequence
_VALIDATED_MULTIPLY_ADD, _VALIDATED_GATE = 7e-12, 3.6e-9  # for each sequence that validates
_EPOCH = 3.5e-3
_LEARNING_RATE = 0.3


class DurationEstimator:
    """Estimates how long a run takes, and learns from the runs of this server. Safe from any thread."""

    def __init__(self) -> None:
        self._factor = 1.0
        self._lock = Lock()

    def seconds(self, experiment: Experiment) -> float:
        """The expected seconds for all seeds of the experiment, if no worker has traced its architecture yet."""
        return _trace(experiment) + _epochs(experiment) * _epoch(experiment) * self._factor

    def epochs_within(self, experiment: Experiment, seconds: float) -> int:
        """How many epochs of all its seeds the experiment can train in `seconds`; 0 if not even one."""
        epoch = experiment.training.seeds * _epoch(experiment) * self._factor
        return max(0, math.floor((seconds - _trace(experiment)) / epoch))

    def learn(self, experiment: Experiment, timings: Timings) -> None:
        """Correct later estimates by the seconds that a finished run took, for each step, with at least 20 steps."""
        if timings.steps >= 20:
            measured = timings.train / timings.steps / (_epoch(experiment) / _steps(experiment))
            with self._lock:
                self._factor += _LEARNING_RATE * (min(max(measured, 0.1), 10) - self._factor)


@dataclass(frozen=True)
class _Size:
    """What one sequence costs in one style, forward, and the parameters: they decide how long a step takes."""

    multiply_adds: int
    gates: int
    parameters: int


def _size(architecture: Architecture) -> _Size:
    width, work, gates, parameters = architecture.features, 0, 0, 0
    for units in architecture.lstm:
        kernels = 4 * units * (width + units)
        work += architecture.timesteps * kernels
        gates += architecture.timesteps * 4 * units
        parameters += kernels
        width = units
    for units in (*(layer.units for layer in architecture.dense), architecture.output_units):
        work += width * units
        parameters += width * units
        width = units
    return _Size(work, gates, parameters)


def _epochs(experiment: Experiment) -> int:
    return experiment.training.epochs * experiment.training.seeds


def _epoch(experiment: Experiment) -> float:
    """The seconds of an epoch of both styles, with its validation, without correction."""
    size = _size(experiment.architecture)
    _, validating = experiment.training.split(experiment.sequences.samples)
    validation = validating * (_VALIDATED_MULTIPLY_ADD * size.multiply_adds + _VALIDATED_GATE * size.gates)
    return _steps(experiment) * _step(experiment) + validation + _EPOCH


def _steps(experiment: Experiment) -> int:
    """Steps in an epoch."""
    training, _ = experiment.training.split(experiment.sequences.samples)
    return -(-training // experiment.training.batch)


def _step(experiment: Experiment) -> float:
    """The seconds of a step of both styles, without correction."""
    architecture = experiment.architecture
    size = _size(architecture)
    timestep = _TIMESTEP_UNROLLED if architecture.unroll else _TIMESTEP
    overhead = architecture.timesteps * len(architecture.lstm) * timestep + len(architecture.heads) * _HEAD
    batch = min(experiment.training.batch, experiment.training.split(experiment.sequences.samples)[0])
    work = batch * (_MULTIPLY_ADD * size.multiply_adds + _GATE * size.gates)
    return overhead + work + _PARAMETER * size.parameters


def _trace(experiment: Experiment) -> float:
    """The seconds that building and tracing both models take. A smaller last batch needs its own graphs."""
    architecture, training = experiment.architecture, experiment.training
    size, _ = training.split(experiment.sequences.samples)
    graphs = 1 + (size > training.batch and size % training.batch > 0)
    layers = len(architecture.lstm)
    lstm = architecture.timesteps * layers * _TRACE_TIMESTEP if architecture.unroll else layers * _TRACE_LAYER
    return _BUILD + graphs * (_TRACE + lstm + len(architecture.heads) * _TRACE_HEAD)
