"""`python -m benchmarks.bench`: measures, prints a table and writes `benchmarks/results.json`.

`python -m benchmarks.bench claims scaling` runs only these two and keeps the other figures. A measurement is a function
that returns its figures by name. A new one is a new file and a line in `MEASUREMENTS`.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks import claims, durations, gears, growth, limit, methods, pages, runs, scaling, speed, training

RESULTS = Path(__file__).with_name("results.json")

MEASUREMENTS: list[Callable[[], dict[str, float]]] = [
    training.measure,
    gears.measure,
    limit.measure,
    growth.measure,
    methods.measure,
    pages.measure,
    runs.measure,
    speed.measure,
    claims.measure,
    scaling.measure,
    durations.measure,
]


def main() -> None:
    """Run every measurement in turn, or those named on the command line."""
    named = {f"benchmarks.{name}" for name in sys.argv[1:]}
    if unknown := named - {measurement.__module__ for measurement in MEASUREMENTS}:
        sys.exit(f"unknown measurement: {', '.join(sorted(unknown))}")
    figures: dict[str, float] = json.loads(RESULTS.read_text()) if named else {}
    figures.pop("machine", None)
    for measurement in MEASUREMENTS:
        if not named or measurement.__module__ in named:
            figures |= measurement()
    machine = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "keras": version("keras"),
        "tensorflow": version("tensorflow-cpu") if platform.machine() == "x86_64" else version("tensorflow"),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
    }
    rounded = {name: round(value, 4) for name, value in figures.items()}
    RESULTS.write_text(json.dumps({**rounded, "machine": machine}, indent=2) + "\n")
    width = max(map(len, figures))
    for name, value in figures.items():
        print(f"{name:{width}}  {value:10,.2f}")


if __name__ == "__main__":
    main()
