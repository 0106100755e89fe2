"""Recorded runs of the presets, which the Train page shows before the visitor has trained anything.

`benchmarks/recorded_runs.py` writes them. A run is recorded without the trained weights, and its numbers are rounded.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path

from backend.experiment import Experiment
from backend.experiment.differences import differences
from backend.experiment.experiment import remembered
from backend.machine import Machine
from backend.training.result import Record, Run

RECORDED = Path(__file__).with_name("recorded.json.gz")


class RecordedRun(Record):
    """A finished run of a preset, with the machine that trained it and the time (seconds since the epoch)."""

    preset: str
    run: Run
    machine: Machine
    recorded_at: float

    @property
    def experiment(self) -> Experiment:
        """The experiment of the run."""
        return self.run.experiment


@cache
def recorded_runs() -> tuple[RecordedRun, ...]:
    """All recorded runs, in the order of the presets."""
    return tuple(RecordedRun.model_validate(each) for each in json.loads(gzip.decompress(RECORDED.read_bytes())))


def recorded_run(experiment: Experiment) -> RecordedRun | None:
    """The recorded run with the same result as `experiment`; None if there is none."""
    key = experiment.key()
    return next((each for each in recorded_runs() if each.experiment.key() == key), None)


@remembered
def nearest(experiment: Experiment) -> RecordedRun:
    """The recorded run whose experiment differs least from `experiment`: in the fewest settings."""
    return min(recorded_runs(), key=lambda each: len(differences(each.experiment, experiment)))
