"""`python -m benchmarks.bench`: measures the app, and prints and stores each figure as soon as it is measured.

`python -m benchmarks.bench claims scaling` runs only these two. If a run is stopped, its figures so far are stored, and
the other figures stay as they were. A measurement yields names and values. To add one, write a file with a `measure`,
and add it to `MEASUREMENTS`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator

from benchmarks import (
    claims,
    durations,
    fusing,
    growth,
    limit,
    methods,
    pages,
    results,
    runs,
    scaling,
    speed,
    training,
    workers,
    xla_program,
)

#: The name of a figure, and its value.
Figure = tuple[str, float]
Measurement = Callable[[], Iterator[Figure]]

MEASUREMENTS: list[Measurement] = [
    training.measure,
    xla_program.measure,
    limit.measure,
    growth.measure,
    methods.measure,
    pages.measure,
    runs.measure,
    speed.measure,
    claims.measure,
    workers.measure,
    scaling.measure,
    durations.measure,
    fusing.measure,
]


def run(measurements: Iterable[Measurement]) -> None:
    """Run measurements in turn. Each figure is printed and stored at once, and the machine of each part with it."""
    stored = results.read("bench")
    machines = stored.pop("machine", {}).get("parts", {})
    for measurement in measurements:
        part = measurement.__module__.rpartition(".")[2]
        for name, value in measurement():
            stored[name] = value
            machines[part] = results.this_machine()
            results.write("bench", stored, {"parts": machines})
            print(f"{name:34} {value:12,.2f}", flush=True)


def main() -> None:
    """Run every measurement, or those named on the command line."""
    by_name = {measurement.__module__.rpartition(".")[2]: measurement for measurement in MEASUREMENTS}
    if unknown := set(sys.argv[1:]) - by_name.keys():
        sys.exit(f"unknown measurement: {', '.join(sorted(unknown))}; there are {', '.join(by_name)}")
    run(by_name[name] for name in sys.argv[1:] or by_name)


if __name__ == "__main__":
    main()
