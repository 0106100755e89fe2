"""Records the runs that the Train page shows first: `python -m benchmarks.recorded_runs`.

It trains every preset in this process, which is set up like a worker, in about half a minute, and writes
`backend/training/recorded.json.gz`. Run it after a change of the presets, the trainer or what a run contains. A test
says when the file is out of date.
"""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

from backend.experiment import Experiment
from backend.experiment.presets import PRESETS
from backend.jobs.runtime import Context
from backend.machine import this_machine
from backend.training.job import TrainJob
from backend.training.recorded import RECORDED, RecordedRun
from backend.training.result import Run

#: Significant digits: as many as a figure shows. Predictions are exact, because the page compares those of both styles.
_DIGITS = {"epochs": 7, "snapshots": 3, "predictions": 9}
#: Sequences whose predictions are recorded.
_SEQUENCES = 64


def train_here(experiment: Experiment) -> Run:
    """Train `experiment` in this process, as a worker does."""
    from backend.worker.train import train

    return train(TrainJob(experiment=experiment.unlabelled()), Context())


def trimmed(recorded: RecordedRun) -> dict[str, Any]:
    """The recorded run as JSON values, without trained weights and with rounded numbers."""
    found = recorded.model_dump()  # in JSON, arrays would be bytes, which cannot be rounded
    run = found["run"] | {"weights": {}}
    rounded = {part: _rounded(run[part], digits) for part, digits in _DIGITS.items()}
    for snapshot, exact in zip(rounded["snapshots"], run["snapshots"], strict=True):
        snapshot["predictions"] = _first(_rounded(exact["predictions"], _DIGITS["predictions"]))
    rounded["predictions"] = _first(rounded["predictions"])
    found["run"] = run | rounded
    return found


def _first(predictions: dict[str, dict[str, list[Any]]]) -> dict[str, dict[str, list[Any]]]:
    """The predictions of the first sequences, to keep the file small."""
    return {side: {head: rows[:_SEQUENCES] for head, rows in heads.items()} for side, heads in predictions.items()}


def _rounded(value: Any, digits: int) -> Any:
    """The JSON value with every float rounded to that many significant digits."""
    if isinstance(value, float):
        return float(f"{value:.{digits}g}")
    if isinstance(value, list):
        return [_rounded(each, digits) for each in value]
    return {key: _rounded(each, digits) for key, each in value.items()} if isinstance(value, dict) else value


def main() -> None:
    """Train every preset and write the file."""
    from backend.worker.preload import warm_up

    warm_up()
    machine = this_machine()
    runs = []
    for name, experiment in PRESETS.items():
        run = train_here(experiment)
        runs.append(trimmed(RecordedRun(preset=name, run=run, machine=machine, recorded_at=time.time())))
        print(f"{name}: {len(run.epochs)} epochs in {run.timings.train:.2f} s")
    text = json.dumps(runs, separators=(",", ":"), ensure_ascii=False)
    RECORDED.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{RECORDED}: {RECORDED.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
