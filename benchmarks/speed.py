"""The speed sweep outside the app: `python -m benchmarks.speed` records the result that the Speed page shows first.

Run it on a quiet machine. It measures every number of heads in every mode in about three minutes, and writes
`backend/questions/speed/recorded.json`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from backend.experiment import Experiment
from backend.jobs.messages import Event
from backend.questions.speed.job import SpeedJob, points_of
from backend.questions.speed.result import RECORDED, SweepResult
from backend.questions.speed.sweep import ALL_HEADS, MODES, Sweep

_DIGITS = 7  # decimals of a second; more would be noise


def measure() -> Iterator[tuple[str, float]]:
    """`speed_ratio_k16`: time of a train step, Functional ÷ fused, with 16 heads, as `model.fit` runs it."""
    sweep = Sweep(heads=(16,), modes=("fit",))
    command = [sys.executable, "-m", "benchmarks.speed", "--sweep", sweep.model_dump_json()]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    (point,) = SweepResult.model_validate_json(done.stdout.splitlines()[-1]).points
    found = point.ratio
    assert found is not None
    yield "speed_ratio_k16", found.median


def run(sweep: Sweep, verbose: bool) -> SweepResult:
    """Measure in this process, which is set up like a worker."""
    from backend.jobs.runtime import Context
    from backend.worker.preload import warm_up
    from backend.worker.speed import speed

    class Line(Context):
        def report(self, event: Event) -> None:
            for point in points_of([event]) if verbose else []:
                print(f"{MODES[point.mode].title}, k = {point.k}: {point.ratio}", file=sys.stderr)

    warm_up()
    return speed(SpeedJob.on(Experiment(), sweep), Line())


def _short(value: Any) -> Any:
    """The JSON value with every float rounded."""
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, list):
        return [_short(each) for each in value]
    return {key: _short(each) for key, each in value.items()} if isinstance(value, dict) else value


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sweep", type=Sweep.model_validate_json, help="a sweep as JSON; its result goes to stdout")
    given = parser.parse_args()
    if given.sweep:
        print(run(given.sweep, verbose=False).model_dump_json())
    else:
        result = run(Sweep(heads=ALL_HEADS, modes=tuple(MODES)), verbose=True)
        RECORDED.write_text(json.dumps(_short(result.model_dump(mode="json"))) + "\n")
        print(f"{RECORDED}: {len(result.points)} points in {result.seconds:.0f} s on {result.machine.name}")
