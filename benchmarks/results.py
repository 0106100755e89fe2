"""The result files of the benchmarks: `<benchmark>_results.json`, beside this file.

A file is one JSON object: figures by name, and under `machine` when and on what they were measured. `make figures`
writes them into the documents (`benchmarks/figures.py`).
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def path(benchmark: str) -> Path:
    """The result file of a benchmark."""
    return FOLDER / f"{benchmark}_results.json"


def read(benchmark: str) -> dict[str, Any]:
    """What a benchmark has stored; empty before its first run."""
    file = path(benchmark)
    return dict(json.loads(file.read_text())) if file.exists() else {}


def write(benchmark: str, figures: Mapping[str, Any], machine: Mapping[str, Any] | None = None) -> None:
    """Store the figures of a run, rounded to four decimals, in place of the last one's. `machine` has further facts."""
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}
    stored = {**rounded, "machine": {**this_machine(), **(machine or {})}}
    new = path(benchmark).with_suffix(".new")  # a run that is stopped while it writes damages no figure
    new.write_text(json.dumps(stored, indent=2) + "\n")
    new.replace(path(benchmark))


def this_machine() -> dict[str, Any]:
    """When and on what something is measured."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "keras": version("keras"),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }
