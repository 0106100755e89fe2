"""Estimates how long a training run will take: by arithmetic, corrected by what workers have measured.

The same arithmetic decides whether a run trains step by step or as an XLA program.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.experiment import remembered
from backend.training.result import Timings
from two_heads.weightings import Aggregator, Scalarizer, Weighting

# Seconds that parts of a run took on two cores, both styles together: fitted to about a hundred varied runs.
# `benchmarks/durations.py` measures such runs again.
_BUILD, _TRACE, _TRACE_HEAD = 0.19, 0.17, 0.06
_TRACE_TIMESTEP, _TRACE_LAYER = 0.049, 0.29  # of an LSTM layer that is unrolled, or not
_TIMESTEP_UNROLLED, _TIMESTEP, _HEAD, _PARAMETER = 1.6e-5, 3.5e-5, 1.5e-5, 5.5e-9  # of a step
_MULTIPLY_ADD, _GATE = 1.7e-10, 1.2e-9  # of a step, for each sequence
_VALIDATED_MULTIPLY_ADD, _VALIDATED_GATE = 7e-12, 3.6e-9  # for each sequence that validates
_EPOCH = 3.5e-3
_FIRST_STEPS, _FIRST_STEPS_HEAD = 0.04, 0.013  # of a run that traced: its first steps prepare the graphs
# The same in an XLA program.
_COMPILE, _COMPILE_LAYER, _COMPILE_HEAD, _COMPILE_REST = 1.0, 1.8, 0.3, 1.6
_PROGRAM_TIMESTEP, _PROGRAM_HEAD, _PROGRAM_PARAMETER = 1.2e-5, 1.0e-5, 2.5e-9
_PROGRAM_MULTIPLY_ADD, _PROGRAM_GATE, _PROGRAM_EPOCH = 8e-11, 1.2e-9, 1.5e-3
_LEARNING_RATE = 0.3  # of a long run. A run of one second counts half as much: it says less about a step's time

#: The most ids of runs that have been learned from.
_MOST_LEARNED = 1000
#: Seconds. Only a run that is expected to take longer step by step is an XLA program, whose start is slow.
LONG = 15.0


@remembered
def is_xla_program(experiment: Experiment) -> bool:
    """Whether a run trains as an XLA program: if it is long and ends sooner so.

    The experiment alone decides, and no measurement, so that its result always has the same bits.
    """
    if experiment.other is not None:
        return False  # one program has one batch size
    if any(map(experiment.method_of, experiment.styles())):
        return False  # a method's own variables and backward passes are not in the program
    first = _trace(experiment) + _epochs(experiment) * _epoch(experiment)
    return first > LONG and _compile(experiment) + _epochs(experiment) * _program_epoch(experiment) < first


class DurationEstimator:
    """Estimates how long a run takes, and learns from the runs of this server. Safe from any thread."""

    def __init__(self) -> None:
        self._factor = 1.0
        self._learned: LRUCache[str, None] = LRUCache(_MOST_LEARNED)  # the latest runs that were learned from
        self._lock = Lock()

    def seconds(self, experiment: Experiment, *, traced: bool = False) -> float:
        """The expected seconds for all seeds of the experiment.

        `traced` says that the worker has the graphs of single steps already. Otherwise they are traced first.
        """
        start = _BUILD
        if not traced:
            program = is_xla_program(experiment)
            start = _compile(experiment) if program else _trace(experiment) + _first_steps(experiment)
        return (start + _epochs(experiment) * _own_epoch(experiment)) * self._factor

    def learn(self, experiment: Experiment, timings: Timings, run: str | None = None) -> None:
        """Correct later estimates by the seconds that a finished run took; once for each `run`, if its id is given.

        Only a run of at least 20 steps does, by the time of its steps.
        """
        if (run is not None and not self._is_new(run)) or timings.steps < 20:
            return
        first = _first_steps(experiment) if timings.traced and not is_xla_program(experiment) else 0.0
        train = max(timings.train - first * self._factor, 0.0)
        measured = train / timings.steps / (_own_epoch(experiment) / _steps(experiment))
        rate = _LEARNING_RATE * train / (train + 1)
        with self._lock:
            self._factor += rate * (min(max(measured, 0.1), 10) - self._factor)

    def _is_new(self, run: str) -> bool:
        """Record that this run was learned from, and return whether that is the first time."""
        with self._lock:
            new = run not in self._learned
            self._learned[run] = None
        return new


@dataclass(frozen=True)
class _Size:
    """The work of one style's forward pass on one sequence, and its parameters. They decide how long a step takes."""

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
    if experiment.other is not None:  # both train at once
        return max(_epoch(side.experiment) for side in experiment.sides())
    size = _size(experiment.architecture)
    _, validating = experiment.parts
    validation = validating * (_VALIDATED_MULTIPLY_ADD * size.multiply_adds + _VALIDATED_GATE * size.gates)
    return _steps(experiment) * _step(experiment) + validation + _EPOCH


def _steps(experiment: Experiment) -> int:
    """The steps of an epoch; of two settings, those of the one with the smaller batches."""
    training, _ = experiment.parts
    return -(-training // min(side.experiment.training.batch for side in experiment.sides()))


def _step(experiment: Experiment) -> float:
    """The seconds of a step of both styles, without correction."""
    architecture = experiment.architecture
    size = _size(architecture)
    timestep = _TIMESTEP_UNROLLED if architecture.unroll else _TIMESTEP
    overhead = architecture.timesteps * len(architecture.lstm) * timestep + len(architecture.heads) * _HEAD
    batch = min(experiment.training.batch, experiment.parts[0])
    work = batch * (_MULTIPLY_ADD * size.multiply_adds + _GATE * size.gates)
    return _passes(experiment) * (overhead + work + _PARAMETER * size.parameters)


def _passes(experiment: Experiment) -> float:
    """How many times as long a step takes with a method that needs a backward pass for each head.

    A backward pass takes two thirds of a step. If only one of the two styles uses such a method, that one decides.
    """
    most = max(_backward_passes(experiment.architecture, experiment.method_of(each)) for each in experiment.styles())
    return (1 + 2 * most) / 3


def _backward_passes(architecture: Architecture, method: Weighting | None) -> int:
    """The backward passes through the LSTM in a step.

    GradNorm takes one for the sum and one for each head. The latter end at the last shared layer: if that is a Dense
    layer, before the LSTM, and take little time.
    """
    if isinstance(method, Aggregator):
        return len(architecture.heads)
    reads_gradients = isinstance(method, Scalarizer) and "gramian" in method.needs
    return 1 + len(architecture.heads) if reads_gradients and not architecture.dense else 1


def _trace(experiment: Experiment) -> float:
    """The seconds that building and tracing both models take. A smaller last batch needs its own graphs."""
    if experiment.other is not None:
        return max(_trace(side.experiment) for side in experiment.sides())
    architecture, training = experiment.architecture, experiment.training
    size, _ = experiment.parts
    graphs = 1 + (size > training.batch and size % training.batch > 0)
    layers = len(architecture.lstm)
    lstm = architecture.timesteps * layers * _TRACE_TIMESTEP if architecture.unroll else layers * _TRACE_LAYER
    return _BUILD + graphs * _passes(experiment) * (_TRACE + lstm + len(architecture.heads) * _TRACE_HEAD)


def _first_steps(experiment: Experiment) -> float:
    """The seconds that the first steps of new graphs take beyond those of a step."""
    return _FIRST_STEPS + len(experiment.architecture.heads) * _FIRST_STEPS_HEAD


def _own_epoch(experiment: Experiment) -> float:
    """The seconds of an epoch of the run, without correction."""
    return _program_epoch(experiment) if is_xla_program(experiment) else _epoch(experiment)


def _compile(experiment: Experiment) -> float:
    """The seconds that building, tracing and compiling both XLA programs takes."""
    architecture, training = experiment.architecture, experiment.training
    size, _ = experiment.parts
    rest = _COMPILE_REST if size > training.batch and size % training.batch else 1
    layers = len(architecture.lstm) * _COMPILE_LAYER + len(architecture.heads) * _COMPILE_HEAD
    return _BUILD + rest * (_COMPILE + layers)


def _program_epoch(experiment: Experiment) -> float:
    """The seconds of an epoch of both XLA programs. A sequence that validates takes a third of one that trains."""
    architecture = experiment.architecture
    size = _size(architecture)
    training, validating = experiment.parts
    overhead = architecture.timesteps * len(architecture.lstm) * _PROGRAM_TIMESTEP
    step = overhead + len(architecture.heads) * _PROGRAM_HEAD + _PROGRAM_PARAMETER * size.parameters
    work = _PROGRAM_MULTIPLY_ADD * size.multiply_adds + _PROGRAM_GATE * size.gates
    return _steps(experiment) * step + (training + validating / 3) * work + _PROGRAM_EPOCH
