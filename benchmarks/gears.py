"""The second gear of the trainer against the first, and against plain `model.fit`.

`long_train_speedup_vs_fit`: the training of 100 epochs of the thread's network, without building and compiling.
`long_run_speedup`: 100 epochs × 10 seeds from building to the end, compiling included, and the same with 16 heads.
"""

from __future__ import annotations

from contextlib import ExitStack
from statistics import median
from typing import Any

from backend.experiment import Experiment
from benchmarks.training import EXPERIMENT, Process

ROUNDS = 3


def measure() -> dict[str, float]:
    """Ratios within one run. Each long run is measured once in either gear."""
    with ExitStack() as stack:
        fit, gears = (stack.enter_context(Process(kind)) for kind in ("fit", "gears"))
        for process in (fit, gears):  # the first model in a process takes longer
            process.measure(EXPERIMENT)
        hundred = _longer(epochs=100)
        rounds = [{**fit.measure(hundred), **gears.measure(hundred)} for _ in range(ROUNDS)]
        runs = {name: gears.measure(setting) for name, setting in _LONG.items()}
    return {
        "long_train_speedup_vs_fit": median(row["fit_again"] / row["second_steps"] for row in rounds),
        **{name: row["first_run"] / row["second_run"] for name, row in runs.items()},
        **{f"{name}_s": row["second_run"] for name, row in runs.items()},
    }


def _longer(heads: int = 2, **training: Any) -> Experiment:
    architecture = {"heads": [{"name": f"head_{i}", "task": "mean"} for i in range(heads)]}
    settings = EXPERIMENT.model_dump() | {"training": EXPERIMENT.training.model_dump() | training}
    return Experiment.model_validate(settings | ({"architecture": architecture} if heads != 2 else {}))


_LONG = {
    "long_run_speedup": _longer(epochs=100, seeds=10),
    "long_run_speedup_16_heads": _longer(heads=16, epochs=100, seeds=10),
}
